import type { FailureText, Happening, Outcome, RunEvent } from "../../sdk/events.ts";
import { durationInWords, shortDuration } from "./duration.ts";

/** What is shown for an event: a line of text, or a line that only `-machine-readable` has. */
export type Message =
  | { readonly kind: "say" | "error"; readonly text: string; readonly build?: string | undefined }
  | { readonly kind: "machine"; readonly target: string; readonly type: string; readonly data: readonly string[] }
  /** Beyond what Packer prints: never part of `-machine-readable`. */
  | { readonly kind: "extra"; readonly text: string };

type Artifact = Extract<Happening, { type: "artifact" }>["artifact"];
type Step = {
  readonly title: string;
  readonly outcome: Outcome;
  readonly milliseconds: number;
  readonly attempts: number;
};

interface BuildState {
  outcome?: Outcome;
  error?: string;
  milliseconds?: number;
  readonly steps: Step[];
  readonly titles: Map<string, string>;
  readonly artifacts: Artifact[];
}

/**
 * The texts of a run in Packer's shape, event by event. Live and replayed events give the same texts.
 * Summaries are in the order of the template.
 */
export function messagesOfRun(): (event: RunEvent) => Message[] {
  const builds = new Map<string, BuildState>();
  let interrupted = false;
  let isLeft = false;
  const unfit = new Set<string>();
  return (event) => {
    const build = event.build;
    switch (event.type) {
      case "run-started":
        for (const name of event.builds) stateOf(builds, name);
        return [];
      case "line":
        return [lineMessage(event, build)];
      case "diagnostic":
        if (build && event.severity === "error" && !builds.has(build)) unfit.add(build);
        return [{ kind: event.severity === "error" ? "error" : "say", text: event.text, build }];
      case "cancelling":
        interrupted = true;
        return [
          { kind: "say", text: `Cancelling build after receiving ${event.reason}` },
          { kind: "extra", text: "What was begun is being removed. Stop it again, and that ends, too." },
        ];
      case "step-started":
        if (build) stateOf(builds, build).titles.set(event.step, event.title);
        return [];
      case "step-finished":
        if (build) {
          const state = stateOf(builds, build);
          const title = state.titles.get(event.step) ?? event.step;
          state.steps.push({
            title,
            outcome: event.outcome,
            milliseconds: event.milliseconds,
            attempts: event.attempts,
          });
        }
        return [];
      case "artifact":
        if (build) stateOf(builds, build).artifacts.push(event.artifact);
        return [];
      case "undo-failed":
        isLeft = true;
        return [
          {
            kind: "error",
            text: prefixed(
              build,
              `${event.wanted ? `Left in place: ${event.what}` : `Could not remove ${event.what}: ${faultText(event.error)}`}\nTo remove it by hand: ${event.byHand}\nOr let \`ingot gc\` remove it later.`,
            ),
            build,
          },
        ];
      case "build-finished": {
        if (!build) return [];
        const state = stateOf(builds, build);
        state.outcome = event.outcome;
        state.milliseconds = event.milliseconds;
        if (event.error) state.error = faultText(event.error);
        return [endOfBuild(build, event.outcome, event.milliseconds, state.error)];
      }
      case "run-finished":
        return summary(builds, event.milliseconds, { interrupted, isLeft, unfit: [...unfit] });
      default:
        return [];
    }
  };
}

function stateOf(builds: Map<string, BuildState>, name: string): BuildState {
  let state = builds.get(name);
  if (!state) {
    state = { steps: [], titles: new Map(), artifacts: [] };
    builds.set(name, state);
  }
  return state;
}

function lineMessage(event: Extract<Happening, { type: "line" }>, build: string | undefined): Message {
  const bad = event.level === "error" || event.level === "warning" || event.level === "stderr";
  return { kind: bad ? "error" : "say", text: prefixed(event.target ?? build, event.text), build };
}

/** `==> target: text`, on every line; trailing blanks go. */
function prefixed(target: string | undefined, text: string): string {
  if (target === undefined) return text;
  return text
    .split("\n")
    .map((line) => `==> ${target}: ${line}`.trimEnd())
    .join("\n");
}

/** A fault in one piece: what happened, why, what to do. */
export function faultText(fault: FailureText): string {
  const causes = fault.causes?.length ? `: ${fault.causes.join(": ")}` : "";
  const hint = fault.hint ? `\n${fault.hint}` : "";
  const bug = fault.bug ? `\nThis is a bug in Ingot. Please report it with these lines:\n${fault.bug}` : "";
  return `${fault.message}${causes}${hint}${bug}`;
}

function endOfBuild(name: string, outcome: Outcome, milliseconds: number, error: string | undefined): Message {
  const words = durationInWords(milliseconds);
  if (outcome === "succeeded") return { kind: "say", text: `Build '${name}' finished after ${words}.`, build: name };
  if (outcome === "cancelled")
    return { kind: "error", text: `Build '${name}' was cancelled after ${words}.`, build: name };
  return { kind: "error", text: `Build '${name}' errored after ${words}: ${error ?? outcome}`, build: name };
}

function summary(
  builds: ReadonlyMap<string, BuildState>,
  milliseconds: number,
  { interrupted, isLeft, unfit }: { interrupted: boolean; isLeft: boolean; unfit: readonly string[] },
): Message[] {
  const messages: Message[] = [{ kind: "say", text: `\n==> Wait completed after ${durationInWords(milliseconds)}` }];
  if (interrupted) {
    const end = isLeft
      ? "Cancelled builds after being interrupted. What is left is listed above: `ingot gc` removes it."
      : "Cleanly cancelled builds after being interrupted.";
    messages.push({ kind: "say", text: end });
    // Packer does not say what it keeps.
    const made = [...builds].flatMap(([name, { artifacts }]) => artifacts.map((artifact) => ({ name, artifact })));
    const list = made.map(({ name, artifact }) => `\n--> ${name}: ${artifact.description}`).join("");
    if (made.length > 0) messages.push({ kind: "extra", text: `\n==> What was made before that is kept:${list}` });
    return messages;
  }
  const failed = [...builds].filter(([, state]) => state.outcome !== "succeeded" && state.outcome !== undefined);
  if (failed.length > 0) {
    messages.push({ kind: "machine", target: "", type: "error-count", data: [String(failed.length)] });
    messages.push({ kind: "error", text: "\n==> Some builds didn't complete successfully and had errors:" });
    for (const [name, state] of failed) {
      const error = state.error ?? `${state.outcome}`;
      messages.push({ kind: "machine", target: name, type: "error", data: [error] });
      messages.push({ kind: "error", text: `--> ${name}: ${error}` });
    }
  }
  if (unfit.length > 0) {
    const text = `\n==> Not begun, since their configuration has the faults that are shown above:`;
    messages.push({ kind: "extra", text: `${text}\n${unfit.map((name) => `--> ${name}`).join("\n")}` });
  }
  messages.push(...artifactMessages(builds));
  messages.push(...timings(builds));
  return messages;
}

function artifactMessages(builds: ReadonlyMap<string, BuildState>): Message[] {
  const made = [...builds].filter(([, state]) => state.artifacts.length > 0 || state.outcome === "succeeded");
  if (!made.some(([, state]) => state.artifacts.length > 0)) {
    return [{ kind: "say", text: "\n==> Builds finished but no artifacts were created." }];
  }
  const messages: Message[] = [{ kind: "say", text: "\n==> Builds finished. The artifacts of successful builds are:" }];
  for (const [name, state] of made) {
    const machine = (type: string, ...data: string[]): Message => ({ kind: "machine", target: name, type, data });
    messages.push(machine("artifact-count", String(state.artifacts.length)));
    state.artifacts.forEach((artifact, index) => {
      const part = (...data: string[]) => machine("artifact", String(index), ...data);
      messages.push(part("builder-id", artifact.builderId));
      messages.push(part("id", artifact.id));
      messages.push(part("string", artifact.description));
      messages.push(part("files-count", String(artifact.files.length)));
      artifact.files.forEach((file, place) => {
        messages.push(part("file", String(place), file.path));
      });
      messages.push(part("end"));
      messages.push({ kind: "say", text: `--> ${name}: ${artifact.description}` });
    });
    if (state.artifacts.length === 0) messages.push({ kind: "say", text: `--> ${name}: <nothing>` });
  }
  return messages;
}

/** How long each step of each build took. */
function timings(builds: ReadonlyMap<string, BuildState>): Message[] {
  const lines: string[] = [];
  for (const [name, state] of builds) {
    if (state.steps.length === 0) continue;
    lines.push(`    ${name}  ${shortDuration(state.milliseconds ?? 0)}`);
    for (const step of state.steps) {
      const notes = [
        ...(step.outcome === "succeeded" ? [] : [step.outcome]),
        ...(step.attempts > 1 ? [`${step.attempts} attempts`] : []),
      ];
      const note = notes.length > 0 ? `  (${notes.join(", ")})` : "";
      lines.push(`      ${shortDuration(step.milliseconds).padStart(7)}  ${step.title}${note}`);
    }
  }
  return lines.length === 0 ? [] : [{ kind: "extra", text: `\n==> Time spent:\n${lines.join("\n")}` }];
}
