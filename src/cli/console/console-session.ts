import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { diagnosticJson } from "../../hcl/source/diagnostic-json.ts";
import { showValue } from "../../hcl/values/show.ts";
import type { Console } from "../output/console.ts";
import { showDiagnostics } from "../output/diagnostics.ts";
import { type Evaluating, evaluateLine } from "./evaluate-line.ts";
import { CONSOLE_HELP } from "./help.ts";
import { valueJson } from "./value-json.ts";

export interface ConsoleSession {
  /** "exit": no further line is wanted. "failed": it was no expression, or has no value; why was shown. */
  enter(line: string): "exit" | "failed" | "done";
}

export interface SessionOptions {
  readonly console: Console;
  readonly color: boolean;
  readonly mask: (text: string) => string;
  readonly evaluating: Evaluating;
  /** All that the template declares, for `variables`. */
  readonly variables: () => string;
  /** Values as JSON lines; then faults go to `writeFault`, a JSON line each, and not among the values. */
  readonly json: boolean;
  readonly writeFault: (line: string) => void;
}

/** Takes lines, and shows what each comes to. */
export function consoleSession(options: SessionOptions): ConsoleSession {
  const { console, color, mask, evaluating, json } = options;
  const showFaults = ({ all }: Diagnostics) => {
    if (!json) showDiagnostics(console, all, { color, mask });
    else for (const fault of all) options.writeFault(`${mask(JSON.stringify(diagnosticJson(fault)))}\n`);
  };
  return {
    enter(line) {
      const text = line.trim();
      if (text === "") return "done";
      if (text === "exit") return "exit";
      if (text === "help" || text === "variables") {
        console.say(text === "help" ? CONSOLE_HELP : mask(options.variables()));
        return "done";
      }
      const { value, diagnostics } = evaluateLine(text, evaluating);
      showFaults(diagnostics);
      if (!value) return "failed";
      if (json) console.write(`${mask(valueJson(value))}\n`);
      else console.say(mask(showValue(value)));
      return "done";
    },
  };
}
