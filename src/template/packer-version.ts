/**
 * The version of Packer whose templates this program reads: `packer.version` in templates, `{{packer_version}}`, and
 * what `required_version` is checked against.
 */
export const PACKER_VERSION = "1.16.0";
