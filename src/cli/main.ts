import { enableCompileCache } from "node:module";
import { join } from "node:path";

// A private folder: whoever can write a compile cache can run code as its user.
const cache = process.env.XDG_CACHE_HOME ?? (process.env.HOME && join(process.env.HOME, ".cache"));
if (cache) enableCompileCache(join(cache, "ingot", "compiled"));

const { runProgram } = await import("./program.ts");
// Not process.exit: what is still in the pipes of stdout must get out.
process.exitCode = await runProgram(process.argv.slice(2));
