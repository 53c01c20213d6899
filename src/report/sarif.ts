import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import { Severity } from '../catalogue/rule';
import { type Finding, linkOf } from '../kernel/findings/finding';
import { knownRule } from '../kernel/findings/rule-ids';

const LEVELS = { [Severity.ERROR]: 'error', [Severity.WARNING]: 'warning', [Severity.INFO]: 'note' } as const;

/**
 * The findings as a log of one run.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function toSarif(findings: readonly Finding[], file?: string): Log {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const { name, version, homepage } = packageJson();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name, version, informationUri: homepage, rules: rules.map((id) => toDescriptor(id, findings)) },
        },
        results: findings.map((finding) => toResult(finding, rules.indexOf(finding.rule), file)),
      },
    ],
  };
}

function toDescriptor(id: string, findings: readonly Finding[]): ReportingDescriptor {
  const rule = knownRule(id);
  if (rule === undefined) return { id, helpUri: findings.find((finding) => finding.rule === id)?.link || undefined };
  return {
    id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.reason },
    help: { text: rule.fix },
    helpUri: linkOf(id),
    defaultConfiguration: { level: LEVELS[rule.severity] },
    properties: { tags: [...rule.practices] },
  };
}

function toResult(
  { rule, severity, constructPath, propPath, got, expected, fix, practices, message, waiver }: Finding,
  ruleIndex: number,
  file?: string,
): Result {
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: message },
    locations: [toLocation(constructPath, file)],
    properties: { propPath, got, expected, fix, practices },
    ...(waiver && {
      suppressions: [
        {
          kind: 'inSource' as const,
          status: 'accepted' as const,
          justification: `${waiver.reason} (until ${waiver.until})`,
        },
      ],
    }),
  };
}

function toLocation(constructPath: string, file?: string): Location {
  return {
    ...(file === undefined ? {} : { physicalLocation: { artifactLocation: { uri: file }, region: { startLine: 1 } } }),
    logicalLocations: [
      { name: constructPath.split('/').pop() ?? '', fullyQualifiedName: constructPath, kind: 'resource' },
    ],
  };
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly homepage: string;
}

function packageJson(): Package {
  const { name, version, repository } = JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'),
  ) as { name: string; version: string; repository: { url: string } };
  return { name, version, homepage: repository.url.replace(/\.git$/, '') };
}
