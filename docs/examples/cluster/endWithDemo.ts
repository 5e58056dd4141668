/**
 * Ends a process when its standard input ends. The demo holds the other end of it, so that no process outlives the demo,
 * however that ends.
 */
process.stdin.once("end", () => process.exit(1)).resume().unref()
