#!/usr/bin/env node
import { allocateNamespace } from './allocator';

void allocateNamespace(process.argv.slice(2), { input: process.stdin, output: process.stdout, errors: process.stderr }).then((code) => {
  process.exitCode = code;
});
