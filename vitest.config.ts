import { defineConfig } from "vitest/config";

/** Tests that mostly wait for other programs (QEMU, Packer, compressors): left out of `npm run check`, part of `npm test`. */
const WITH_OTHER_PROGRAMS = [
  "src/packer-plugins/{process,components}/**/*.test.ts",
  "src/platforms/qemu/**/*.test.ts",
  "src/components/post-processors/compress/**/*.test.ts",
  "test/differential/**/*.test.ts",
];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "test/{conformance,golden,house,oracle}/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...WITH_OTHER_PROGRAMS],
          testTimeout: 20_000,
        },
      },
      { test: { name: "tools", include: WITH_OTHER_PROGRAMS, testTimeout: 20_000 } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
