import { expect, test } from "vitest";
import { knownPluginOf } from "./known-plugins.ts";

test.each([
  ["amazon-ebs", "amazon", "github.com/hashicorp/amazon"],
  ["amazon-ami-management", "amazon-ami-management", "github.com/wata727/amazon-ami-management"],
  ["qemu", "qemu", "github.com/hashicorp/qemu"],
  ["vsphere-iso", "vsphere", "github.com/vmware/vsphere"],
  ["ansible-local", "ansible", "github.com/hashicorp/ansible"],
  ["puppet-masterless", "puppet", "github.com/hashicorp/puppet"],
  ["osc-bsu", "outscale", "github.com/outscale/outscale"],
])("%s comes from the plugin %s of %s", (type, accessor, source) => {
  expect(knownPluginOf(type)).toEqual({ accessor, source });
});

test("a type that only begins with the letters of an accessor belongs to no plugin", () => {
  expect(knownPluginOf("qemulator")).toBeUndefined();
  expect(knownPluginOf("my-own")).toBeUndefined();
});
