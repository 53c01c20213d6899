import type { Cors, HeaderChanges, HttpRoute, RouteMirror, SplitBackend } from './http-routing-props';
import type { Problems } from '../../kernel/findings/problems';
import {
  boolean,
  type Check,
  integer,
  listOf,
  mapOf,
  matching,
  seconds,
  struct,
  structs,
} from '../../kernel/schema/checks';
import { routePath } from '../../kernel/schema/http-path';
import { Reader } from '../../kernel/schema/reader';
import type { GatewayFeature } from '../../kubernetes/gateway-api';
import type { IRouteBackend } from '../../network/backend';

/** What a route of the Gateway API says beyond its path and its backend. */
export interface GatewayRouteSettings {
  readonly replacePrefix?: string;
  readonly matchHeaders: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout?: number;
  readonly split: ReadonlyArray<{ readonly backend: IRouteBackend; readonly percent: number }>;
  readonly mirror?: { readonly backend: IRouteBackend; readonly percent: number };
  readonly cors?: CorsSettings;
  readonly requestHeaders?: HeaderSettings;
  readonly responseHeaders?: HeaderSettings;
  readonly grpc?: boolean;
}

export interface CorsSettings {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly credentials: boolean;
  /** Seconds. */
  readonly maxAge?: number;
}

export interface HeaderSettings {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** A prop that only a gateway can serve, and the feature that it needs, if any. */
export interface GatewayProp {
  readonly prop: string;
  readonly feature?: GatewayFeature;
}

/** Limits of lists in the CRDs. */
const MOST_HEADERS = 16;
const MOST_OTHERS = 15;
const MOST_CORS = 64;

const headerName: Check<string> = matching(
  /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/,
  256,
  'the name of a header: at most 256 letters, digits and - . _',
);
const headerValue: Check<string> = matching(
  // as the experimental channel of 1.5 checks it
  /^[!-~]+(?: [!-~]+)*$/,
  4096,
  'the value of a header: 1 to 4096 characters of ASCII, in words with one space between them',
);
const origin: Check<string> = matching(
  /^(\*|https?:\/\/((\*\.)?([a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+|\*)(:\d{1,5})?)$/,
  253,
  "an origin, such as 'https://www.example.com', or '*'",
);
const method: Check<string> = matching(
  /^(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|\*)$/,
  7,
  "a method in capitals, such as 'PUT', or '*'",
);

/** The props of a route that only a gateway serves. */
export function readGatewayRoute(
  read: Reader<HttpRoute>,
  problems: Problems,
  prop: string,
  backend: Check<IRouteBackend>,
): { readonly settings: GatewayRouteSettings; readonly props: readonly GatewayProp[] } {
  const settings: GatewayRouteSettings = {
    replacePrefix: read.optional('replacePrefix', routePath, undefined, {
      fix: "Give an absolute path, such as '/v2'",
    }),
    matchHeaders: read.optional('matchHeaders', headerMap, {}, { fix: 'Map names to values' }),
    timeout: read.optional('timeout', seconds(1, 86_400), undefined, { fix: 'Write Duration.seconds(15)' }),
    split: readSplit(read, problems, prop, backend),
    mirror: read.has('mirror') ? readMirror(read.raw('mirror'), problems, `${prop}.mirror`, backend) : undefined,
    cors: read.has('cors') ? readCors(read.raw('cors'), problems, `${prop}.cors`) : undefined,
    requestHeaders: readHeaders(read, 'requestHeaders', problems, prop),
    responseHeaders: readHeaders(read, 'responseHeaders', problems, prop),
    grpc: read.optional('grpc', boolean, undefined, { fix: 'Write true or false, or remove the prop' }),
  };
  read.conflict('stripPrefix', 'replacePrefix', { fix: 'Keep one: stripPrefix is replacePrefix of /' });
  return { settings, props: propsOf(settings, prop) };
}

function propsOf({ mirror, responseHeaders, ...settings }: GatewayRouteSettings, prop: string): GatewayProp[] {
  const features: Array<readonly [keyof GatewayRouteSettings, unknown, GatewayFeature?]> = [
    ['replacePrefix', settings.replacePrefix, 'HTTPRoutePathRewrite'],
    ['matchHeaders', Object.keys(settings.matchHeaders).length > 0],
    ['timeout', settings.timeout, 'HTTPRouteRequestTimeout'],
    ['split', settings.split.length > 0],
    ['mirror', mirror, 'HTTPRouteRequestMirror'],
    ['mirror', mirror && mirror.percent < 100, 'HTTPRouteRequestPercentageMirror'],
    ['cors', settings.cors, 'HTTPRouteCORS'],
    ['requestHeaders', settings.requestHeaders],
    ['responseHeaders', responseHeaders, 'HTTPRouteResponseHeaderModification'],
    ['grpc', settings.grpc, 'GRPCRoute'],
  ];
  return features.flatMap(([name, used, feature]) =>
    used === undefined || used === false ? [] : [{ prop: `${prop}.${name}`, feature }],
  );
}

const anyHeaders = mapOf(headerName, headerValue);

const headerMap: Check<Record<string, string>> = {
  ...anyHeaders,
  read: (value, refuse) => {
    const accepted = anyHeaders.read(value, refuse);
    const names = Object.keys(accepted ?? {}).map((header) => header.toLowerCase());
    if (new Set(names).size < names.length) return void refuse(value, 'each header once: case makes no difference');
    if (names.length > MOST_HEADERS) return void refuse(value, `at most ${MOST_HEADERS} headers`);
    return accepted;
  },
};

function listUpTo(item: Check<string>, most: number): Check<string[]> {
  const all = listOf(item);
  return {
    ...all,
    read: (value, refuse) => {
      const accepted = all.read(value, refuse);
      if (accepted === undefined) return undefined;
      if (new Set(accepted).size < accepted.length) return void refuse(value, 'each entry once');
      if (accepted.length > most) return void refuse(value, `at most ${most} entries`);
      if (accepted.length > 1 && accepted.includes('*')) return void refuse(value, "'*' alone, or a list without it");
      return accepted;
    },
  };
}

function readSplit(
  read: Reader<HttpRoute>,
  problems: Problems,
  prop: string,
  target: Check<IRouteBackend>,
): GatewayRouteSettings['split'] {
  const given = read.optional('split', structs<SplitBackend>('a share of a backend'), [], {
    fix: 'List shares, such as { backend: next, percent: 10 }',
  });
  const shares = given.map((one, index) => {
    const share = new Reader<SplitBackend>(problems, one, `${prop}.split[${index}].`);
    const settings = {
      backend: share.required('backend', target, undefined, {
        fix: 'Pass a WebService or a StaticSite',
        practice: 'DX-05',
      }),
      percent: share.required('percent', integer(0, 100), 0, { fix: 'Write the share of the requests, such as 10' }),
    };
    share.refuseUnknown();
    return settings;
  });
  const sum = shares.reduce((total, { percent }) => total + percent, 0);
  if (sum > 100) {
    read.refuse('split', sum, 'at most 100 percent in all shares', {
      rule: 'gateway/split',
      fix: "Write smaller shares: 'backend' gets the rest",
    });
  }
  if (shares.length > MOST_OTHERS) {
    read.refuse('split', shares.length, `at most ${MOST_OTHERS} other backends`, {
      rule: 'gateway/split',
      fix: 'Remove some: a rule of the API has 16 backends',
    });
  }
  return shares.flatMap(({ backend, percent }) => (backend === undefined ? [] : [{ backend, percent }]));
}

function readMirror(
  given: unknown,
  problems: Problems,
  prop: string,
  target: Check<IRouteBackend>,
): GatewayRouteSettings['mirror'] {
  const read = new Reader<RouteMirror>(problems, given, `${prop}.`);
  const backend = read.required('backend', target, undefined, {
    fix: 'Pass a WebService or a StaticSite',
    practice: 'DX-05',
  });
  const percent = read.optional('percent', integer(1, 100), 100);
  read.refuseUnknown();
  return backend && { backend, percent };
}

function readCors(given: unknown, problems: Problems, prop: string): CorsSettings {
  const read = new Reader<Cors>(problems, given, `${prop}.`);
  const header = { fix: "List names of headers, such as ['x-request-id']" };
  const settings = {
    origins: read.required('origins', listUpTo(origin, MOST_CORS), [] as string[], {
      fix: "List origins, such as ['https://www.example.com']",
    }),
    methods: read.optional('methods', listUpTo(method, 9), [], { fix: "List methods, such as ['GET', 'PUT']" }),
    headers: read.optional('headers', listUpTo(headerName, MOST_CORS), [], header),
    exposeHeaders: read.optional('exposeHeaders', listUpTo(headerName, MOST_CORS), [], header),
    credentials: read.optional('credentials', boolean, false),
    maxAge: read.optional('maxAge', seconds(1, 86_400), undefined, { fix: 'Write Duration.minutes(10)' }),
  };
  read.refuseUnknown();
  if (settings.credentials && settings.origins.includes('*')) {
    read.refuse('origins', settings.origins, "named origins beside 'credentials'", {
      rule: 'gateway/cors',
      fix: "List the origins: with '*', any page could act as the user",
    });
  }
  return settings;
}

function readHeaders(
  outer: Reader<HttpRoute>,
  name: 'requestHeaders' | 'responseHeaders',
  problems: Problems,
  prop: string,
): HeaderSettings | undefined {
  const given = outer.optional(name, struct<HeaderChanges>('changes of headers'), undefined, {
    fix: "Write { set: { 'x-team': 'shop' } }",
  });
  if (given === undefined) return undefined;
  const read = new Reader<HeaderChanges>(problems, given, `${prop}.${name}.`);
  const settings = {
    set: read.optional('set', headerMap, {}, { fix: 'Map names of headers to values' }),
    remove: read.optional('remove', listUpTo(headerName, MOST_HEADERS), [], { fix: "List names, such as ['x-debug']" }),
  };
  read.refuseUnknown();
  return settings;
}
