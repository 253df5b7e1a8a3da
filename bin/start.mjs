// The program's entry. Plain JavaScript on purpose: what runs before the compile cache is on is compiled at every start,
// and for TypeScript that costs 50 ms. The cache lies in a private folder: whoever can write it can run code as its user.
import { enableCompileCache } from "node:module";
import { join } from "node:path";

const cache =
  process.env.XDG_CACHE_HOME || (process.env.HOME && join(process.env.HOME, ".cache")) || process.env.LOCALAPPDATA;
if (cache) enableCompileCache(join(cache, "ingot", "compiled"));

const { runProgram } = await import("../src/cli/program.ts");
// Not process.exit: what is still in the pipe of stdout must get out.
process.exitCode = await runProgram(process.argv.slice(2));
