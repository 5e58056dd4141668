/**
 * Packs the package and installs it as its users do, in a temporary folder that all test files of this folder look at.
 * It needs the npm registry, once for each version.
 */
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { TestProject } from "vitest/node"
import { npm } from "./npm.ts"

const root = resolve(import.meta.dirname, "../..")
const tools = join(import.meta.dirname, "tools")

/** The folders and files that the tests look at. */
export interface Workshop {
  /** What `npm pack` made. */
  readonly tarball: string
  /** What `tools/package.json` names: compilers, a bundler and runtimes. */
  readonly tools: string
  /** A project of somebody who installed the package and `effect`, and nothing else. */
  readonly plain: string
  /** A project that has the optional peers too, and the types of Node. */
  readonly withPeers: string
}

declare module "vitest" {
  interface ProvidedContext {
    readonly workshop: Workshop
  }
}

const pack = async (folder: string): Promise<string> => {
  await npm(root, "run", "build")
  await npm(root, "pack", "--pack-destination", folder)
  const { name, version } = await versions()
  return join(folder, `${name}-${version}.tgz`)
}

interface Package {
  readonly name: string
  readonly version: string
  readonly devDependencies: Readonly<Record<string, string>>
}

const versions = async (): Promise<Package> => JSON.parse(await readFile(join(root, "package.json"), "utf8"))

/** Installs the tools where they are not yet, or not in the versions of their lock file. */
const installTools = async (): Promise<void> => {
  const lock = join(tools, "package-lock.json")
  const installed = join(tools, "node_modules/.lock")
  const isInstalled = await readFile(installed, "utf8").then(
    async (text) => text === (await readFile(lock, "utf8")),
    () => false
  )
  if (!isInstalled) {
    await npm(tools, "ci")
    await copyFile(lock, installed)
  }
}

/** Installs the tarball into an empty project, with packages in the versions that the repository works with. */
const installInto = async (folder: string, tarball: string, names: ReadonlyArray<string>): Promise<string> => {
  const { devDependencies } = await versions()
  await mkdir(folder)
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }))
  await npm(folder, "install", "--prefer-offline", tarball, ...names.map((name) => `${name}@${devDependencies[name]}`))
  return folder
}

const setUp = async (folder: string): Promise<Workshop> => {
  const [, tarball] = await Promise.all([installTools(), pack(folder)])
  const plain = await installInto(join(folder, "plain"), tarball, ["effect"])
  const withPeers = await installInto(join(folder, "withPeers"), tarball, [
    "effect",
    "@effect/platform-node",
    "@effect/sql-pg",
    "@types/node"
  ])
  return { tarball, tools, plain, withPeers }
}

export default async (project: TestProject): Promise<() => Promise<void>> => {
  const folder = await mkdtemp(join(await realpath(tmpdir()), "effect-flexfactor-package-"))
  const remove = (): Promise<void> => rm(folder, { recursive: true })
  try {
    project.provide("workshop", await setUp(folder))
  } catch (error) {
    await remove()
    throw error
  }
  return remove
}
