import { defineBuilder } from "../../../sdk/component.ts";
import { noneCommunicator } from "../../../sdk/none-communicator.ts";
import { temporaryPathKind } from "../../../sdk/temporary-path.ts";
import { string } from "../../../spec/fields.ts";
import { builtFileKind } from "./built-file.ts";
import { writeTarget } from "./write-target.ts";

/** Named by Packer; post-processors look at it. */
const BUILDER_ID = "packer.file";

export const fileBuilder = defineBuilder({
  name: "file",
  doc: "Makes a file: a copy of another one, or of the given content.",
  fields: {
    target: string("Path of the file to make; its folders are made, too.", { required: true, path: "cwd" }),
    source: string("File to copy.", { path: "cwd" }),
    content: string("What to write into the file, which only its owner may then read."),
  },
  generates: [],
  owns: [temporaryPathKind, builtFileKind],
  ownership: "journaled",
  check(_config, problems) {
    const [source, content] = [problems.has("source"), problems.has("content")];
    if (source && content) problems.error("content", "Cannot specify source file AND content");
    if (!source && !content) {
      problems.warning(undefined, "Both source file and contents are blank; target will have no content");
    }
  },
  makes: ({ target }) => (target === undefined ? undefined : `the file ${target}`),
  async run(config, build) {
    const { target } = config;
    const ownership = await build.step("write-target", "Write the file", (step) => writeTarget(config, step));
    await build.provision({
      connect: async () => noneCommunicator({ warn: build.warn }),
      record: () => ({ builder: "file", target }),
      facts: { ID: "File", ConnType: "none" },
    });
    await ownership?.handOver();
    return {
      builderId: BUILDER_ID,
      id: "File",
      description: `Stored file: ${target}`,
      files: [{ path: target, root: "cwd" }],
      state: {},
      destroy: (host) => host.files.remove(target),
    };
  },
});
