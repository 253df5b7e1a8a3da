/** The colours that builds take in turn: green, cyan, magenta, yellow, blue. Errors are red. */
const BUILD_COLORS = [32, 36, 35, 33, 34];
const RED = 31;

/** Gives each build its colour, in the order in which builds are first named. */
export function buildColors(): (build: string | undefined, kind: "say" | "error", text: string) => string {
  const known = new Map<string, number>();
  return (build, kind, text) => {
    if (build === undefined) return text;
    if (!known.has(build)) known.set(build, BUILD_COLORS[known.size % BUILD_COLORS.length] ?? RED);
    return paint(kind === "error" ? RED : (known.get(build) ?? RED), text);
  };
}

function paint(color: number, text: string): string {
  return `\u001b[1;${color}m${text}\u001b[0m`;
}

/** Whether colours are wanted: `-color=false`, NO_COLOR and PACKER_NO_COLOR say no, FORCE_COLOR yes, else a terminal decides. */
export function wantsColor(
  flag: boolean,
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (!flag || environment.NO_COLOR || environment.PACKER_NO_COLOR) return false;
  if (environment.FORCE_COLOR && environment.FORCE_COLOR !== "0") return true;
  return isTerminal && environment.TERM !== "dumb";
}
