import type { AfterFailure, BuildRun } from "../build-run.ts";
import { isCancel, messageOf } from "../failure-text.ts";

/**
 * What `-on-error` wants after a fault. A person is asked once about each fault, however far up it travels. What was
 * cancelled is always cleaned up: `-on-error` is about errors.
 */
export async function afterFailure(
  run: BuildRun,
  title: string,
  fault: unknown,
  options: { readonly canRetry: boolean },
): Promise<AfterFailure> {
  if (isCancel(run.signal)) return "cleanup";
  const { onError } = run.options;
  if (onError !== "ask") return onError;
  const chosen = chosenBefore(run, fault);
  if (chosen) return chosen;
  if (!run.interaction.available) return "cleanup";
  const answer = await ask(run, title, fault, options.canRetry);
  if (answer !== "retry" && typeof fault === "object" && fault !== null) run.state.choices.set(fault, answer);
  return answer;
}

const ANSWERS: Readonly<Record<string, AfterFailure>> = { c: "cleanup", a: "abort", r: "retry" };

async function ask(run: BuildRun, title: string, fault: unknown, canRetry: boolean): Promise<AfterFailure> {
  const choices = [
    { key: "c", text: "Clean up and exit" },
    { key: "a", text: "Abort without clean-up" },
    ...(canRetry ? [{ key: "r", text: "Retry this step (the build may fail even if that works)" }] : []),
  ];
  try {
    const key = await run.interaction.choose(
      `${run.name}: "${title}" failed: ${messageOf(fault)}`,
      choices,
      run.signal,
    );
    return ANSWERS[key] ?? "cleanup";
  } catch {
    // Nobody answered: cancelled meanwhile, or the terminal has gone.
    return "cleanup";
  }
}

const LONGEST_CHAIN = 8;

/** Builders may wrap what a step threw: the choice is looked for along the causes. */
function chosenBefore(run: BuildRun, fault: unknown): AfterFailure | undefined {
  let current = fault;
  for (let depth = 0; typeof current === "object" && current !== null && depth < LONGEST_CHAIN; depth++) {
    const chosen = run.state.choices.get(current);
    if (chosen) return chosen;
    current = current instanceof Error ? current.cause : undefined;
  }
  return undefined;
}
