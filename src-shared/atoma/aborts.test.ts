/** The abort tables walked code by code against the list of protocol.md 2.6: every code of each generation has its own name and a sentence, and nothing else has. */
import { describe, expect, it } from 'vitest';
import { DB_ABORT_BASE, FRAMEWORK_ABORTS, UNKNOWN_ABORT, contractOf, translateAbort } from './index.ts';
import { LEGACY_ABORTS } from './legacy-aborts.ts';

/** Offset in G1, offset in G2 (null where the generation does not have it), name. */
const codes: readonly (readonly [number | null, number | null, string])[] = [
  [0, 0, 'ENodeRegDisabled'],
  [1, 1, 'EModelDisabled'],
  [2, 2, 'ENotAuthorized'],
  [3, 3, 'EProtocolFeeCannotBeZero'],
  [4, 4, 'ERelativePerformanceCannotBeZero'],
  [5, 5, 'EEchelonNotFound'],
  [6, 6, 'EEchelonAlreadyExistsForModel'],
  [7, 7, 'ETotalPermilleMustBeLessThan1000'],
  [9, 9, 'ENodeAlreadySubscribedToModel'],
  [10, 10, 'ENodeNotSubscribedToModel'],
  [11, 11, 'ENodeIndexMismatch'],
  [12, 12, 'ENodeAlreadyDisabled'],
  [13, 13, 'ENodeMustWaitBeforeDestroy'],
  [14, 14, 'ECannotSampleZeroNodes'],
  [15, 15, 'ETaskDeprecated'],
  [16, 16, 'ENodeAlreadySubscribedToTask'],
  [17, 17, 'ETaskNotFound'],
  [18, 18, 'ENodeNotSubscribedToTask'],
  [19, 19, 'ENotEnoughEpochsPassed'],
  [20, 20, 'ETaskNotDeprecated'],
  [21, 21, 'ENoNodesSubscribedToTask'],
  [22, 22, 'ENoNodesEligibleForTask'],
  [23, 23, 'ENodeNotSelectedForStack'],
  [24, 24, 'EStackInSettlementDispute'],
  [25, 25, 'ETooManyComputedUnits'],
  [26, 26, 'EStackDoesNotRequireSamplingConsensus'],
  [27, 27, 'EStackNotFound'],
  [28, 28, 'EStackNotInSettlementDispute'],
  [29, 29, 'EStackDisputePeriodOver'],
  [30, 30, 'ENodeNotSelectedForAttestation'],
  [31, 31, 'EStackInDispute'],
  [32, 32, 'EStackDisputePeriodIsNotOver'],
  [33, 33, 'ENodeNotSelectedForSettlement'],
  [34, 34, 'ETaskAlreadyDeprecated'],
  [35, 35, 'EInvalidTaskRole'],
  [36, 36, 'EInvalidSecurityLevel'],
  [37, 37, 'EInvalidPricePerComputeUnit'],
  [38, null, 'EInvalidMaxNumComputeUnits'],
  [39, 38, 'ENodeDoesNotMeetTaskRequirements'],
  [40, 39, 'EInvalidComputeUnits'],
  [41, 40, 'EInsufficientBalance'],
  [42, 41, 'EInvalidCommittedStackProof'],
  [43, 42, 'EInvalidStackMerkleLeaf'],
  [44, 43, 'EInvalidMinimumReputationScore'],
  [null, 44, 'ETaskIsPublic'],
  [null, 45, 'ENodeNotWhitelistedForTask'],
  [null, 46, 'EStackAlreadyInDispute'],
  [null, 47, 'ETaskSecurityLevelNotSamplingConsensus'],
  [null, 48, 'EInvalidDeviceType'],
  [null, 49, 'EInvalidKeyRotationCounter'],
  [null, 50, 'EPublicKeyCommitmentMismatch'],
  [null, 51, 'ETaskIsNotConfidentialCompute'],
  [null, 52, 'EInvalidNumClaimedComputeUnitsPerStack'],
  [null, 53, 'EStackAlreadyClaimed'],
  [null, 54, 'ENodeNotSelectedForClaim'],
];
const pkg = `0x${'c'.repeat(64)}`;

describe.each([
  ['G1', 0],
  ['G2', 1],
] as const)('%s', (generation, column) => {
  const listed = codes.flatMap((code) => (code[column] === null ? [] : [[code[column], code[2]] as const]));
  it.each(listed)('offset %i is %s, in a sentence for the operator', (offset, name) => {
    const meaning = translateAbort(generation, pkg, {
      packageId: pkg,
      module: 'db',
      code: DB_ABORT_BASE + BigInt(offset),
    });
    // Code 0 of the module is an offset; the bare code 0 is an arithmetic error.
    expect(meaning.name).toBe(name);
    expect(meaning.sentence).toMatch(/^[A-Z].{8,}\.$/);
  });
  it('has no code beside the listed ones', () => {
    const known = Object.keys(contractOf(generation).dbAborts).map(Number);
    expect(known.sort((a, b) => a - b)).toEqual(listed.map(([offset]) => offset).sort((a, b) => a - b));
    for (let offset = 0; offset < 200; offset += 1) {
      const { name } = translateAbort(generation, pkg, {
        packageId: pkg,
        module: 'db',
        code: DB_ABORT_BASE + BigInt(offset),
      });
      expect(name === UNKNOWN_ABORT.name).toBe(!known.includes(offset));
    }
  });
});

it('covers the other modules: gate 0 to 2, settlement 0 to 7, and the framework aborts an operator meets', () => {
  const offsets = (module: string): number[] => Object.keys(LEGACY_ABORTS[module]?.offsets ?? {}).map(Number);
  expect([offsets('gate'), offsets('settlement')]).toEqual([
    [0, 1, 2],
    [0, 1, 2, 3, 4, 5, 6, 7],
  ]);
  expect(Object.entries(FRAMEWORK_ABORTS).map(([place, table]) => [place, Object.keys(table).map(Number)])).toEqual([
    ['0x2::dynamic_field', [0, 1, 2]],
    ['0x2::balance', [2]],
    ['0x2::table_vec', [0]],
    ['0x1::option', [262_145]],
  ]);
});
