import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const SRC = resolve(import.meta.dirname, "../../src");

/** Which rooms a room may import from. `main` is the files that lie in src itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  hcl: [],
  spec: ["hcl"],
  sdk: ["hcl", "spec"],
  platforms: ["hcl", "spec", "sdk"],
  components: ["hcl", "spec", "sdk", "platforms"],
  template: ["hcl", "spec", "sdk"],
  engine: ["hcl", "spec", "sdk", "template"],
  "packer-plugins": ["hcl", "spec", "sdk"],
  registry: ["sdk"],
  "language-server": ["hcl", "spec", "sdk", "template"],
  cli: ["hcl", "spec", "sdk", "template", "engine", "registry", "packer-plugins", "language-server", "main"],
  main: ["sdk", "platforms", "components"],
};

/** Files over 400 lines, each with its reason. */
const LONG: Readonly<Record<string, string>> = {};

/** Members of Node's process by which it is told from a variable of that name. */
const NODE_PROCESS =
  /(?<![\w.])process\.(env|argv|exit|exitCode|stdin|stdout|stderr|cwd|chdir|platform|arch|ppid|versions?|nextTick|hrtime|umask|getuid|geteuid|memoryUsage|emitWarning|execPath|uptime)\b/;

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = sourceFiles(SRC);
const imports = files.flatMap((file) =>
  [...readFileSync(join(SRC, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
    ([, target = ""]): Import => ({ file, target }),
  ),
);

test("every room imports only from the rooms it leans on", () => {
  const wrong = imports
    .filter(({ target }) => target.startsWith("."))
    .map(({ file, target }) => ({ file, to: relative(SRC, resolve(SRC, dirname(file), target)) }))
    .filter(({ file, to }) => roomOf(file) !== roomOf(to) && !MAY_IMPORT[roomOf(file)]?.includes(roomOf(to)))
    // A room's tests may stand on other rooms and on test/support.
    .filter(({ file }) => !file.endsWith(".test.ts"));

  expect(wrong).toEqual([]);
});

test("a component imports no other component", () => {
  const wrong = imports
    .filter(({ file, target }) => file.startsWith("components/") && target.startsWith("."))
    .map(({ file, target }) => ({ file, to: relative(SRC, resolve(SRC, dirname(file), target)) }))
    .filter(({ file, to }) => to.startsWith("components/") && componentOf(file) !== componentOf(to));

  expect(wrong).toEqual([]);
});

test("the language knows nothing of Node", () => {
  const wrong = imports.filter(
    ({ file, target }) => file.startsWith("hcl/") && !file.endsWith(".test.ts") && target.startsWith("node:"),
  );

  expect(wrong).toEqual([]);
});

test("only the command line and the local host touch the process", () => {
  const wrong = files
    .filter((file) => !file.endsWith(".test.ts") && !file.includes("/testdata/"))
    .filter((file) => !file.startsWith("cli/") && !file.startsWith("sdk/local-host/"))
    .filter((file) => NODE_PROCESS.test(withoutComments(readFileSync(join(SRC, file), "utf8"))));

  expect(wrong).toEqual([]);
});

test("no file is longer than 400 lines without a reason", () => {
  const long = files
    .filter((file) => !file.endsWith(".test.ts") && readFileSync(join(SRC, file), "utf8").split("\n").length > 401)
    .filter((file) => !Object.hasOwn(LONG, file));

  expect(long).toEqual([]);
});

test("no file has a name that explains nothing", () => {
  expect(
    files.filter((file) => /\/(utils?|helpers?|common|misc|types|manager|service)(\.|\/)/.test(`/${file}`)),
  ).toEqual([]);
});

test("every room is described in docs/architecture.md", () => {
  const text = readFileSync(resolve(SRC, "../docs/architecture.md"), "utf8");
  const rooms = readdirSync(SRC).filter((name) => statSync(join(SRC, name)).isDirectory());

  expect(rooms.filter((room) => !text.includes(`src/${room}/`))).toEqual([]);
});

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
}

function roomOf(file: string): string {
  return file.includes("/") ? (file.split("/")[0] ?? "") : "main";
}

function componentOf(file: string): string {
  return file.split("/").slice(0, 3).join("/");
}

function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/\/\/.*$/gm, "")
    .replaceAll(/`[^`]*`|"[^"\n]*"/g, '""');
}
