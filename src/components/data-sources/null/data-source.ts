import { objectOf, STRING } from "../../../hcl/values/type.ts";
import { objectValue, stringValue } from "../../../hcl/values/value.ts";
import { defineDataSource } from "../../../sdk/component.ts";
import { string } from "../../../spec/fields.ts";

export const nullDataSource = defineDataSource({
  name: "null",
  doc: "Gives back what it is given: a text that is only known once data sources are read.",
  fields: { input: string("The text.", { required: true }) },
  output: objectOf({ output: STRING }),
  read: async ({ input }) => objectValue({ output: stringValue(input) }),
});
