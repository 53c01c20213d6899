import { relative } from 'node:path';
import type { Check } from '../../src/kernel/schema/checks';
import type * as actual from '../../src/kernel/schema/reader';
import { ROOT } from '../compiler';

/** How one prop was read. */
export interface Read {
  /** The line that made the reader. */
  readonly line: string;
  /** The class of the block, and whether the props are those of the block itself. */
  readonly block: string;
  readonly own: boolean;
  readonly prop: string;
  /** Nothing where a reader of its own reads the value. */
  readonly check?: Check<unknown>;
  readonly required: boolean;
  /** Whether it was given, so that the default does not count. */
  readonly given: boolean;
  readonly fallback?: unknown;
}

export const reads: Read[] = [];

const lines = new Map<string, string>();

/** The line of `src` that makes a reader. To look it up in the source takes long, so that it is done once for each. */
function callerLine(): string {
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_, sites) => sites;
  const site = (new Error().stack as unknown as NodeJS.CallSite[]).find((one) =>
    one.getFileName()?.startsWith(`${ROOT}/src/`),
  );
  Error.prepareStackTrace = prepareStackTrace;
  const place = `${site?.getFileName()}:${site?.getLineNumber()}:${site?.getColumnNumber()}`;
  const known =
    lines.get(place) ?? /at [^\n]*?\(?(\/[^\n]*?\/src\/[^\n]*?:\d+):\d+\)?$/m.exec(new Error().stack ?? '')?.[1] ?? '';
  lines.set(place, known);
  return relative(ROOT, known);
}

/** The module of the reader, with readers that write down how each prop is read. */
export function recordingModule(module: typeof actual): typeof actual {
  class Recording extends module.Reader<Record<string, unknown>> {
    private readonly origin: Pick<Read, 'line' | 'block' | 'own'>;
    private inside = false;

    public constructor(...args: ConstructorParameters<typeof module.Reader>) {
      super(...args);
      const owner = (args[0] as unknown as { readonly owner?: object }).owner;
      this.origin = { line: callerLine(), block: owner?.constructor.name ?? '', own: (args[2] ?? '') === '' };
    }

    public override required(...args: any[]): any {
      return this.noted(true, args, () => super.required(...(args as [never, never, never, never])));
    }

    public override optional(...args: any[]): any {
      return this.noted(false, args, () => super.optional(...(args as [never, never, never, never])));
    }

    public override raw(prop: string): unknown {
      return this.noted(false, [prop], () => super.raw(prop));
    }

    private noted<T>(required: boolean, [prop, check, fallback]: any[], read: () => T): T {
      if (this.inside) return read();
      reads.push({ ...this.origin, prop, check, required, given: super.raw(prop) !== undefined, fallback });
      this.inside = true;
      try {
        return read();
      } finally {
        this.inside = false;
      }
    }
  }
  return { ...module, Reader: Recording };
}
