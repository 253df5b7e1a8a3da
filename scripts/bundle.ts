// `npm run bundle`: what users install. dist/ingot.mjs and chunks beside it that load when they are needed.
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const dist = resolve(root, "dist");

for (const old of ["ingot.mjs", "chunks"]) rmSync(resolve(dist, old), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { ingot: "bin/start.mjs" },
  outdir: dist,
  outExtension: { ".js": ".mjs" },
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "linked",
  // What the SSH library could use to be faster and does without: compiled for one system only.
  external: ["cpu-features", "*.node"],
  // Packages that are CommonJS inside call require for Node's own modules, and ask where they lie.
  banner: {
    js:
      'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' +
      "const { filename: __filename, dirname: __dirname } = import.meta;",
  },
});
console.log("dist/ingot.mjs");
