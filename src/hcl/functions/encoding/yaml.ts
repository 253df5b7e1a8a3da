import { FunctionFault } from "../../evaluation/scope.ts";
import { ANY, STRING } from "../../values/type.ts";
import { stringValue } from "../../values/value.ts";
import { at, define, type FunctionTable, tableOf, textAt } from "../define.ts";
import { decodeYaml } from "./yaml-decode.ts";
import { encodeYaml } from "./yaml-encode.ts";

const yamlencode = define({
  name: "yamlencode",
  doc: "The value as YAML: in block style, with all keys and texts quoted.",
  parameters: [{ name: "value", type: ANY, allowNull: true }],
  returns: STRING,
  call: (args) => stringValue(encodeYaml(at(args, 0))),
});

const yamldecode = define({
  name: "yamldecode",
  doc: "The value that YAML stands for. There may be only one document.",
  parameters: [{ name: "src", type: STRING }],
  returns: ANY,
  call(args) {
    const result = decodeYaml(textAt(args, 0));
    if ("fault" in result) throw new FunctionFault(result.fault, 0);
    return result.value;
  },
});

/** Functions that write and read YAML. */
export const yamlFunctions: FunctionTable = tableOf([yamlencode, yamldecode]);
