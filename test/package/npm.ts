import { execFile } from "node:child_process"
import { promisify } from "node:util"

const run = promisify(execFile)

/** The environment without what an npm that is under way tells its scripts about the package that it works on. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_(local|global)_prefix)/.test(name))
)

/** Runs npm in a folder, and gives what it prints. Nothing that it installs may run a script. */
export const npm = async (folder: string, ...words: ReadonlyArray<string>): Promise<string> => {
  const { stdout } = await run("npm", [...words, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    env: environment
  })
  return stdout
}
