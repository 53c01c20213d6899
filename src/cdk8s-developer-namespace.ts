#!/usr/bin/env node
import './rules/install';
import { allocateNamespace } from './ops/allocate-namespace';
import { surviveClosedPipes } from './ops/streams';

surviveClosedPipes(process.stdout, process.stderr);

void allocateNamespace(process.argv.slice(2), {
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
}).then((code) => {
  process.exitCode = code;
});
