import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { App, ClusterRequirements, Diagram, Inventory } from 'cdk8s-best-practices';
import { Journal } from './chart';
import { type Environment, environments } from './environments';

/** Writes all environments, or, when one has a mistake, none. */
export function synthesize(output: string, all: Record<string, Environment>): void {
  const staging = mkdtempSync(`${output}-`);
  try {
    const apps = Object.entries(all).map(([name, environment]) => {
      const app = new App({ outdir: join(staging, name) });
      new Journal(app, environment);
      app.synth();
      return { name, app };
    });
    if (existsSync(output)) rmSync(output, { recursive: true });
    renameSync(staging, output);
    for (const { name, app } of apps) report(name, app, join(output, name));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function report(name: string, app: App, folder: string): void {
  const shown = relative(process.cwd(), folder);
  Diagram.of(app).writeTo(`${folder}.html`, { title: `Journal, ${name}` });
  console.log(`${name}: written to ${shown}, and a picture of it to ${shown}.html\n`);
  console.log(Inventory.of(app).toText());
  console.log(`Before the first apply:\n${ClusterRequirements.of(app).toText()}`);
  console.log(`Next: kubectl diff --server-side -f ${shown}; kubectl apply --server-side -f ${shown}\n`);
}

if (require.main === module) synthesize(join(__dirname, 'dist'), environments);
