import type { Reporter, TestModule } from "vitest/node";

/**
 * Prints failures, every skip with its reason (the test's title says it), slow files, and as the very last line
 * `N passed, N failed, N skipped`, which CI reads.
 */
export class CountReporter implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    const tests = [...module.children.allTests()];
    const failed = tests.filter((test) => test.result().state === "failed").length;
    const seconds = (module.diagnostic().duration / 1000).toFixed(1);
    const errors = errorsAround(module).length;
    print(`${failed + errors > 0 ? "FAIL" : "ok  "} ${module.relativeModuleId} (${tests.length} tests, ${seconds} s)`);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message?: string; stack?: string }[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    const skips: string[] = [];
    for (const module of modules) {
      for (const { place, error } of errorsAround(module)) {
        count.failed++;
        print(`\nFAIL ${place}\n${error.stack ?? error.message}`);
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") count.passed++;
        else if (result.state === "failed") {
          count.failed++;
          print(`\nFAIL ${module.relativeModuleId} > ${test.fullName}`);
          for (const error of result.errors)
            print(`${error.stack ?? error.message}${error.diff ? `\n${error.diff}` : ""}`);
        } else {
          count.skipped++;
          const note = result.state === "skipped" && result.note ? `: ${result.note}` : "";
          skips.push(`skipped ${module.relativeModuleId} > ${test.fullName}${note}`);
        }
      }
    }
    for (const error of unhandled) {
      count.failed++;
      print(`\nFAIL outside any test\n${error.stack ?? error.message}`);
    }
    for (const skip of skips) print(skip);
    if (modules.length === 0) {
      count.failed++;
      print("no test file was found");
    }
    if (count.failed > 0) process.exitCode = 1;
    print(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}

// vitest loads a reporter given by path from its default export.
export { CountReporter as default };

/** Errors of the file itself and of the hooks of its suites: tests behind them are only skipped, and hide them. */
function errorsAround(module: TestModule): { place: string; error: { message: string; stack?: string | undefined } }[] {
  const ofModule = module.errors().map((error) => ({ place: module.relativeModuleId, error }));
  const ofSuites = [...module.children.allSuites()].flatMap((suite) =>
    suite.errors().map((error) => ({ place: `${module.relativeModuleId} > ${suite.fullName}`, error })),
  );
  return [...ofModule, ...ofSuites];
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
