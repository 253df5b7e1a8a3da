import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { BOOL, NUMBER, objectOf, STRING } from "../../../hcl/values/type.ts";
import { boolValue, nullOf, numberValue, objectValue, stringValue, type Value } from "../../../hcl/values/value.ts";
import { defineDataSource, type Reading } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { boolean, integer, string } from "../../../spec/fields.ts";

export const fileDataSource = defineDataSource({
  name: "file",
  doc: "Reads a file of this machine when the build is prepared: what it holds, how large it is, its checksum.",
  fields: {
    path: string("Path of the file.", { required: true, path: "cwd" }),
    optional: boolean("A file that is not there is no fault: `exists` is false then, and the rest null.", {
      default: false,
    }),
    read_content: boolean("Gives what the file holds; without it only size and checksum, whatever its size.", {
      default: true,
    }),
    max_size: integer("Bytes of the largest file whose content is read.", { default: 16 * 1024 * 1024 }),
  },
  output: objectOf({
    /** Absolute. */
    path: STRING,
    exists: BOOL,
    size: NUMBER,
    sha256: STRING,
    /** Null where it is no UTF-8 text. */
    content: STRING,
    content_base64: STRING,
  }),
  async read(config, reading) {
    const path = stringValue(reading.host.files.resolve(config.path));
    const stat = await reading.host.files.stat(config.path);
    if (stat === undefined) {
      if (config.optional) return objectValue({ path, exists: boolValue(false), ...NOTHING });
      throw new Failure(`There is no file ${config.path} in ${reading.host.cwd}`, {
        hint: "If it may be missing, set optional = true and look at exists.",
      });
    }
    if (stat.kind !== "file") throw new Failure(`Cannot read ${config.path}: it is no file, but a ${stat.kind}`);
    if (config.read_content && stat.size > config.max_size) {
      throw new Failure(`${config.path} is longer than ${config.max_size} bytes`, {
        hint: "Raise max_size, or set read_content = false where only size and checksum are needed.",
      });
    }
    const { size, sha256, content } = await contentOf(config.path, config.read_content, reading);
    return objectValue({
      path,
      exists: boolValue(true),
      size: numberValue(size),
      sha256: stringValue(sha256),
      content: content !== undefined && isUtf8(content) ? stringValue(content.toString("utf8")) : nullOf(STRING),
      content_base64: content === undefined ? nullOf(STRING) : stringValue(content.toString("base64")),
    });
  },
});

const NOTHING: Readonly<Record<string, Value>> = {
  size: nullOf(NUMBER),
  sha256: nullOf(STRING),
  content: nullOf(STRING),
  content_base64: nullOf(STRING),
};

/** Read once: size, checksum and content are of the same bytes. */
async function contentOf(
  path: string,
  keep: boolean,
  { host, signal }: Reading,
): Promise<{ size: number; sha256: string; content: Buffer | undefined }> {
  const hash = createHash("sha256");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of host.files.reader(path)) {
    signal.throwIfAborted();
    hash.update(chunk);
    size += chunk.length;
    if (keep) chunks.push(chunk);
  }
  return { size, sha256: hash.digest("hex"), content: keep ? Buffer.concat(chunks) : undefined };
}
