import { describe, expect, onTestFinished, test } from "vitest";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { nativeBody } from "../../hcl/syntax/native-body.ts";
import { parseFile } from "../../hcl/syntax/parse.ts";
import type { Communicator } from "../../sdk/communicator.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { decodeFields } from "../../spec/decode.ts";
import type { Wire } from "../rpc/message-pack.ts";
import { fieldsOfSpec } from "../specs/fields-of-spec.ts";
import { valueOfConfig } from "../specs/value-of-config.ts";
import { ctyJson } from "../values/cty-json.ts";
import { ComponentProcess, type PluginKind } from "./component-process.ts";
import { readPluginDataSource } from "./read-data-source.ts";
import { runPluginProvisioner } from "./run-provisioner.ts";

/** The binary of `testdata/go-plugin`, built by hand: it needs Go and modules from the network. */
const binary = process.env.INGOT_TEST_GO_PLUGIN;
const skipped = binary ? "" : " (skipped: INGOT_TEST_GO_PLUGIN does not name the binary of testdata/go-plugin)";
const host = localHost();
const never = new AbortController().signal;

describe.skipIf(!binary).each([["protobuf"], ["gob"]])(`a plugin on today's SDK, in %s${skipped}`, (form) => {
  test("gets every value as it was written, and its calls are answered", async () => {
    const plugin = await start("provisioner", "-packer-default-plugin-name-", form === "protobuf");
    const bytes = await configured(
      plugin,
      's = "zwölf <&>"\nn = 123456789012345678901234567890.5\nls = []\nms = { a = "1" }\nlls = [["x"], []]\nblk {}\nbl { y = 1 }\nbl {}',
    );
    await plugin.prepare([{ packer_build_name: "b" }, bytes, { big: 2n ** 62n, f: 1.5, l: ["a", null] }], never);

    const lines: string[] = [];
    const say = (text: string): void => void lines.push(text);
    const communicator = {
      guest: "posix",
      run: async ({ line, onStdout }) => {
        onStdout?.(Buffer.from(`out of ${line}\n`));
        return { exitCode: 5 };
      },
      // The plugin uses nothing else.
    } as Partial<Communicator> as Communicator;
    const work = { say, warn: say, progress: () => ({ update: () => {}, done: () => {} }), signal: never };
    const machine = { ID: "i", Port: 22, Big: 5e12, Nothing: null, L: [1, "a"] };
    await runPluginProvisioner(plugin, { ...work, communicator, machine }, async (question) => `${question}me`);

    const [facts, config, override, ...rest] = lines;
    expect(facts).toBe('map[interface {}]interface {} {"packer_build_name":"b"} <nil>');
    for (const part of [
      '\\"b\\":cty.NullVal(cty.Bool)',
      '\\"bl\\":cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{\\"y\\":cty.NumberIntVal(1)}), cty.ObjectVal(map[string]cty.Value{\\"y\\":cty.NullVal(cty.Number)})})',
      '\\"blk\\":cty.ObjectVal(map[string]cty.Value{\\"x\\":cty.NullVal(cty.String)})',
      '\\"lls\\":cty.ListVal([]cty.Value{cty.ListVal([]cty.Value{cty.StringVal(\\"x\\")}), cty.ListValEmpty(cty.String)})',
      '\\"ls\\":cty.ListValEmpty(cty.String)',
      '\\"ms\\":cty.MapVal(map[string]cty.Value{\\"a\\":cty.StringVal(\\"1\\")})',
      '\\"n\\":cty.MustParseNumberVal(\\"123456789012345678901234567890.5\\")',
      '\\"s\\":cty.StringVal(\\"zwölf \\u003c\\u0026\\u003e\\")',
    ]) {
      expect(config).toContain(part);
    }
    expect(override).toContain('{"big":4611686018427387904,"f":1.5,"l":["a",null]}');
    expect(rest).toEqual([
      'data {"Big":5000000000000,"ID":"i","L":[1,"a"],"Nothing":null,"Port":22}',
      "answer who?me<nil>",
      "out of echo hi",
      "status 5",
    ]);
  });

  test("says what is wrong with its configuration", async () => {
    const plugin = await start("provisioner", "-packer-default-plugin-name-", form === "protobuf");
    await expect(plugin.prepare([await configured(plugin, 's = "bad"')], never)).rejects.toThrow("s is bad");
  });

  test("yields values of every kind, of the type that it told", async () => {
    const digits = "-12345678901234567890.125";
    const plugin = await start("datasource", "every", form === "protobuf");
    expect([...(await plugin.outputSpec(never)).attributes.keys()]).toEqual([
      "b",
      "bl",
      "blk",
      "lls",
      "ls",
      "ms",
      "n",
      "s",
    ]);
    await plugin.prepare([await configured(plugin, 's = "x"')], never);
    expect(JSON.parse(ctyJson(await readPluginDataSource(plugin, never))).value).toEqual({
      s: "zwölf",
      b: true,
      n: Number(digits),
      ls: [],
      lls: [["x"]],
      ms: { k: "v" },
      blk: null,
      bl: [{ y: 0 }, null],
    });
    expect(ctyJson(await readPluginDataSource(plugin, never))).toContain(`"n":${digits},`);
  });

  test("says why it found nothing", async () => {
    const plugin = await start("datasource", "every", form === "protobuf");
    await plugin.prepare([await configured(plugin, 's = "fail"')], never);
    await expect(readPluginDataSource(plugin, never)).rejects.toThrow("nothing found");
  });

  test("dies with its last words when it is asked for what it has not", async () => {
    const plugin = await start("provisioner", "no-such", form === "protobuf");
    await expect(plugin.spec(never)).rejects.toThrow(
      /^test plugin did not finish Provisioner\.ConfigSpec: it ended.*panic/s,
    );
  });
});

async function start(kind: PluginKind, name: string, protobuf: boolean): Promise<ComponentProcess> {
  const mode = protobuf ? ["--protobuf"] : [];
  const command = { label: "test plugin", argv: [binary ?? "", "start", kind, ...mode, name] } as const;
  const plugin = await ComponentProcess.start(host, { kind, protobuf, command }, never);
  onTestFinished(() => plugin.close());
  return plugin;
}

const scope: Scope = { variables: new Map(), functions: new Map() };

async function configured(plugin: ComponentProcess, hcl: string): Promise<Wire> {
  const diagnostics = new Diagnostics();
  const spec = await plugin.spec(never);
  const context = { scope, interpolate: () => ({ error: "not here" }), secret: () => {} };
  const body = nativeBody(parseFile({ name: "x", text: hcl }, diagnostics));
  const decoded = decodeFields(body, fieldsOfSpec(spec), context, diagnostics);
  expect(diagnostics.all).toEqual([]);
  return Buffer.from(ctyJson(valueOfConfig(spec, decoded)));
}
