import { join, relative } from 'node:path';
import { App, Inventory } from 'cdk8s-best-practices';
import { Tenants } from './chart';

/** Writes the YAML, and says what is in it. */
export function synthesize(output: string): void {
  const app = new App({ outdir: output });
  new Tenants(app);
  app.synth();
  const shown = relative(process.cwd(), output);
  console.log(Inventory.of(app).toText());
  console.log(`Next: kubectl diff --server-side -f ${shown}; kubectl apply --server-side -f ${shown}`);
}

if (require.main === module) synthesize(join(__dirname, 'dist'));
