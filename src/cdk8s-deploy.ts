#!/usr/bin/env node
import { deploy } from './ops/deploy';
import { surviveClosedPipes } from './ops/streams';

surviveClosedPipes(process.stdout, process.stderr);

void deploy(process.argv.slice(2), { output: process.stdout, errors: process.stderr }).then((code) => {
  process.exitCode = code;
});
