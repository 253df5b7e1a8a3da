// `npm run package [-- FILE]`: dist/ingot, one executable file that needs neither Node nor anything beside it.
// It is this machine's Node 24 with the program inside (Node's single executable applications).
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";
import { inject } from "postject";

const root = resolve(import.meta.dirname, "..");
const executable = resolve(
  process.argv[2] ?? resolve(root, process.platform === "win32" ? "dist/ingot.exe" : "dist/ingot"),
);
const work = `${executable}.work`;

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });

// A single executable takes one CommonJS file; what is imported lazily is still evaluated only when it is needed.
await build({
  absWorkingDir: root,
  entryPoints: ["src/cli/packaged.ts"],
  outfile: resolve(work, "ingot.cjs"),
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node24",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  // What the SSH library could use to be faster and does without: compiled for one system only.
  external: ["cpu-features", "*.node"],
});

writeFileSync(
  resolve(work, "sea.json"),
  JSON.stringify({
    main: resolve(work, "ingot.cjs"),
    output: resolve(work, "ingot.blob"),
    disableExperimentalSEAWarning: true,
    // Compiled at packaging, so that even the first start is fast.
    useCodeCache: true,
    execArgv: ["--disable-warning=ExperimentalWarning"],
  }),
);
execFileSync(process.execPath, ["--experimental-sea-config", resolve(work, "sea.json")], { stdio: "inherit" });

copyFileSync(process.execPath, executable);
chmodSync(executable, 0o755);
await inject(executable, "NODE_SEA_BLOB", readFileSync(resolve(work, "ingot.blob")), {
  sentinelFuse: "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2",
  ...(process.platform === "darwin" && { machoSegmentName: "NODE_SEA" }),
});
if (process.platform === "darwin") execFileSync("codesign", ["--sign", "-", executable]);
rmSync(work, { recursive: true, force: true });
console.log(`${executable} (${(statSync(executable).size / 1e6).toFixed(0)} MB)`);
