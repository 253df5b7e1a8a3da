/** True: a path of a build's context (relative, with `/`) stays behind. */
export type Ignores = (path: string) => boolean;

/**
 * The rules of a .dockerignore: one glob a line, the last that matches decides, `!` takes back. A rule holds for all
 * that is in the folder it matches.
 */
export function parseIgnoreFile(text: string): Ignores {
  const rules = text.split(/\r?\n/).flatMap(parseRule);
  if (rules.length === 0) return () => false;
  return (path) => {
    const parts = path.split("/");
    const paths = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    let ignored = false;
    for (const rule of rules)
      if (rule.ignores !== ignored && paths.some((each) => rule.pattern.test(each))) ignored = rule.ignores;
    return ignored;
  };
}

interface Rule {
  readonly ignores: boolean;
  readonly pattern: RegExp;
}

function parseRule(line: string): Rule[] {
  if (line.startsWith("#")) return [];
  const trimmed = line.trim();
  const ignores = !trimmed.startsWith("!");
  const glob = clean(ignores ? trimmed : trimmed.slice(1).trim());
  return glob === "" || glob === "." ? [] : [{ ignores, pattern: new RegExp(`^${patternOf(glob)}$`) }];
}

/** Without a leading `/`, `./`, and with `a/../` and `//` resolved. */
function clean(glob: string): string {
  const parts: string[] = [];
  for (const part of glob.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** `**` any folders, `*` and `?` within one name, `[…]` one of these, `\` the next as it is. */
function patternOf(glob: string): string {
  let pattern = "";
  for (let at = 0; at < glob.length; at++) {
    const char = glob.charAt(at);
    if (char === "*" && glob[at + 1] === "*") {
      const endsFolder = glob[at + 2] === "/";
      pattern += endsFolder ? "(?:.*/)?" : ".*";
      at += endsFolder ? 2 : 1;
    } else if (char === "*") pattern += "[^/]*";
    else if (char === "?") pattern += "[^/]";
    else if (char === "[" && glob.indexOf("]", at + 2) > 0) {
      const end = glob.indexOf("]", at + 2);
      pattern += `[${glob.slice(at + 1, end).replaceAll("\\", "\\\\")}]`;
      at = end;
    } else if (char === "\\" && at + 1 < glob.length) pattern += literal(glob.charAt(++at));
    else pattern += literal(char);
  }
  return pattern;
}

function literal(char: string): string {
  return /[\\^$.|?*+()[\]{}]/.test(char) ? `\\${char}` : char;
}
