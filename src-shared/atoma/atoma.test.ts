/** Layouts against hand-written bytes, the abort table against protocol.md 2.6, the call table's counts against its detection rule. */
import { describe, expect, it } from 'vitest';
import {
  G1,
  G2,
  G2_OBJECTS,
  G2_CONSTANTS,
  G2_DB_ABORTS,
  G2_EVENTS,
  G2_SECURITY_CODES,
  contractOf,
  fieldLayout,
  fieldType,
  nodeBadgeType,
  objectFieldKeyType,
  smallId,
  translateAbort,
} from './index.ts';
import { UNKNOWN_ABORT } from './g1-aborts.ts';

const pkg = '0xc05bae323433740c969d8cf938c48d7559490be5f8dde158792e7a0623787013';
const id = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`;

describe('layouts', () => {
  it('writes a node entry byte for byte', () => {
    const entry = {
      wasDisabledInEpoch: 2n,
      collateral: 1_000n,
      lastFeeEpoch: 0n,
      lastFeeEpochAmount: 0n,
      availableFeeAmount: 1n,
      reputationScore: 50,
      confidentialComputeLastRotationCounter: null,
      confidentialComputeLastUpdatedEpoch: null,
      confidentialComputePublicKeyCommitment: null,
      confidentialComputeDeviceTypes: [],
    };
    const bytes = G1.objects.NodeEntry.serialize(entry).toBytes();
    expect(Buffer.from(bytes).toString('hex')).toBe(
      `01${'0200000000000000'}${'e803000000000000'}${'00'.repeat(16)}${'0100000000000000'}32`,
    );
    expect(G1.objects.NodeEntry.parse(bytes)).toEqual(entry);
  });
  it('writes a task and its dynamic field', () => {
    const task = {
      id: id(1),
      role: 0,
      modelName: 'm',
      isDeprecated: false,
      deprecatedAtEpoch: null,
      securityLevel: 1,
      subscribedNodes: { id: id(2), size: 3n },
      subscribedNodesSmallIds: { id: id(3), size: 3n },
      minimumReputationScore: 0,
      isPublic: true,
      whitelistedNodes: [],
    };
    const bytes = G1.objects.Task.serialize(task).toBytes();
    expect(bytes.length).toBe(32 + 2 + 3 + 1 + 1 + 2 + 40 + 40 + 1);
    expect(G1.objects.Task.parse(bytes)).toEqual(task);
    const field = fieldLayout(smallId, G1.objects.Task);
    expect(field.parse(field.serialize({ id: id(9), name: 7n, value: task }).toBytes()).name).toBe(7n);
  });
  it('keeps the subscription events apart by field order (protocol.md 3)', () => {
    const fields = { taskSmallId: 1n, nodeSmallId: 2n, price: 3n, maxNumComputeUnits: 4n };
    for (const { events } of [G1, G2]) {
      const subscribed = events.NodeSubscribedToTaskEvent.serialize(fields).toBytes();
      const updated = events.NodeSubscriptionUpdatedEvent.serialize(fields).toBytes();
      expect([subscribed[0], subscribed[8], subscribed[16], updated[0], updated[8]]).toEqual([1, 2, 3, 2, 1]);
      expect(events.NodeSubscriptionUpdatedEvent.parse(updated)).toEqual(fields);
    }
  });
  it('builds full-length type strings', () => {
    expect(nodeBadgeType('0x1')).toBe(`${id(1)}::db::NodeBadge`);
    expect(fieldType(objectFieldKeyType('0x5::db::TaskSmallId'), '0x2::object::ID')).toBe(
      `${id(2)}::dynamic_field::Field<${id(2)}::dynamic_object_field::Wrapper<${id(5)}::db::TaskSmallId>,${id(2)}::object::ID>`,
    );
  });
});

describe('aborts', () => {
  it.each([
    [pkg, 'db', 312_012_039n, 'ENodeDoesNotMeetTaskRequirements'],
    [pkg, 'db', 312_012_000n, 'ENodeRegDisabled'],
    ['0x2', 'dynamic_field', 1n, 'EFieldDoesNotExist'],
    [id(2), 'balance', 2n, 'ENotEnough'],
    ['0x1', 'option', 262_145n, 'EOptionNotSet'],
    ['0x2', 'db', 312_012_039n, UNKNOWN_ABORT.name],
    [pkg, 'db', 312_012_008n, UNKNOWN_ABORT.name],
    [pkg, 'db', 0n, 'ArithmeticError'],
    [pkg, 'gate', 312_012_001n, UNKNOWN_ABORT.name],
    [pkg, 'gate', 312_012_101n, 'ETooManyNodesToSample'],
    [pkg, 'settlement', 312_012_207n, 'ECrossValidationSupportedForOneNodeOnly'],
    ['0x2', 'settlement', 312_012_207n, UNKNOWN_ABORT.name],
  ])('%s::%s %s is %s', (packageId, module, code, name) => {
    expect(translateAbort('G1', pkg, { packageId, module, code }).name).toBe(name);
  });
  it('has every offset of G1 but the unused one', () => {
    const offsets = Object.keys(G1.dbAborts).map(Number);
    expect(offsets.length).toBe(44);
    expect(offsets).not.toContain(8);
    expect(Math.max(...offsets)).toBe(44);
  });
});

describe('aborts of G2', () => {
  it('has every offset but the unused one, each with a sentence', () => {
    const offsets = Object.keys(G2_DB_ABORTS).map(Number);
    expect(offsets.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 55 }, (_, i) => i).filter((i) => i !== 8));
    expect(new Set(Object.values(G2_DB_ABORTS).map((one) => one.name)).size).toBe(54);
    for (const { sentence } of Object.values(G2_DB_ABORTS)) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
  it('names the codes up to 37 as G1 does, and none above', () => {
    for (const offset of Object.keys(G2_DB_ABORTS).map(Number)) {
      const [one, two] = [G1.dbAborts[offset]?.name, G2_DB_ABORTS[offset]?.name];
      expect([offset, one === two]).toEqual([offset, offset <= 37]);
    }
  });
  it.each([
    [38n, 'ENodeDoesNotMeetTaskRequirements'],
    [39n, 'EInvalidComputeUnits'],
    [40n, 'EInsufficientBalance'],
    [41n, 'EInvalidCommittedStackProof'],
    [42n, 'EInvalidStackMerkleLeaf'],
    [43n, 'EInvalidMinimumReputationScore'],
    [44n, 'ETaskIsPublic'],
    [53n, 'EStackAlreadyClaimed'],
    [54n, 'ENodeNotSelectedForClaim'],
    [55n, UNKNOWN_ABORT.name],
  ])('offset %s is %s', (offset, name) => {
    expect(translateAbort('G2', pkg, { packageId: pkg, module: 'db', code: 312_012_000n + offset }).name).toBe(name);
  });
  it('speaks of the coin and the waits of G2', () => {
    expect(G2_DB_ABORTS[40]?.sentence).toContain('USDC');
    expect(G2_DB_ABORTS[13]?.sentence).not.toContain('ollateral');
    expect(G2_DB_ABORTS[19]?.sentence).toContain('one epoch');
  });
});

describe('G2 beside G1', () => {
  it('has the constants of protocol.md 5.1', () => {
    expect(G2_CONSTANTS).toEqual({
      ...G1.constants,
      registrationCollateral: 0n,
      disputeDelayEpochs: 1n,
      taskRemovalWaitEpochs: 1n,
      priceUnit: 1_000_000n,
      fixedMaxComputeUnits: 1_000_000n,
    });
    expect(G2_SECURITY_CODES).toEqual({ none: 0, confidential: 1, 'sampling-consensus': 2 });
  });
  it('announces a direct claim and a key in the order of protocol.md 3', () => {
    const claimed = { stackSmallId: 1n, selectedNodeId: 2n, numClaimedComputeUnits: 3n, userRefundAmount: 4n };
    const bytes = G2_EVENTS.ClaimedStackEvent.serialize(claimed).toBytes();
    expect([bytes.length, bytes[0], bytes[8], bytes[16], bytes[24]]).toEqual([32, 1, 2, 3, 4]);
    const key = G2_EVENTS.NodePublicKeyCommittmentEvent.serialize({
      epoch: 1n,
      keyRotationCounter: 2n,
      nodeId: 3n,
      newPublicKey: Uint8Array.of(4),
      deviceType: 300,
      evidenceBytes: Uint8Array.of(5),
    }).toBytes();
    expect(Buffer.from(key.slice(24)).toString('hex')).toBe('01042c010105');
  });
});

describe('objects of G2', () => {
  it('reads and writes a stack and an offer in the common fields', () => {
    const stack = {
      owner: id(1),
      price: 2n,
      numComputeUnits: 3n,
      selectedNodeId: 4n,
      taskSmallId: 5n,
      isClaimed: true,
    };
    const bytes = G2.objects.Stack.serialize(stack).toBytes();
    expect([bytes.length, bytes[64]]).toEqual([32 + 4 * 8 + 1, 1]);
    expect(G2.objects.Stack.parse(bytes)).toEqual(stack);
    expect(G1.objects.Stack.parse(G1.objects.Stack.serialize(stack).toBytes())).toEqual({ ...stack, isClaimed: false });
    const offer = { nodeId: 1n, price: 2n, maxNumComputeUnits: 1_000_000n };
    expect(G2.objects.NodePriceData.parse(G2.objects.NodePriceData.serialize(offer).toBytes())).toEqual(offer);
  });
  it('puts counter and nonce between the charges and the registration switch', () => {
    const zeros = new Uint8Array(G2_OBJECTS.AtomaDb.serialize(emptyDb).toBytes().length);
    const before = 32 * 2 + 3 * 8 + 5 * 40 + 6 * 8;
    zeros[before] = 7;
    zeros[before + 8] = 9;
    const db = G2.objects.AtomaDb.parse(zeros);
    expect([db.keyRotationCounter, db.nonce, db.isRegistrationDisabled]).toEqual([7n, 9n, false]);
    expect(G1.objects.AtomaDb.parse(zeros.subarray(16)).keyRotationCounter).toBeNull();
  });
  it('writes what a node committed after its reputation', () => {
    const entry = {
      wasDisabledInEpoch: null,
      collateral: 0n,
      lastFeeEpoch: 0n,
      lastFeeEpochAmount: 0n,
      availableFeeAmount: 0n,
      reputationScore: 50,
      confidentialComputeLastRotationCounter: 1n,
      confidentialComputeLastUpdatedEpoch: 2n,
      confidentialComputePublicKeyCommitment: Uint8Array.of(3),
      confidentialComputeDeviceTypes: [300],
    };
    const bytes = G2.objects.NodeEntry.serialize(entry).toBytes();
    expect(Buffer.from(bytes.slice(33)).toString('hex')).toBe(
      '32' + '010100000000000000' + '010200000000000000' + '010103' + '012c01',
    );
    expect(G2.objects.NodeEntry.parse(bytes)).toEqual(entry);
  });
  it('keeps a private task and its guests', () => {
    const task = {
      id: id(1),
      role: 0,
      modelName: null,
      isDeprecated: false,
      deprecatedAtEpoch: null,
      securityLevel: 1,
      subscribedNodes: { id: id(2), size: 0n },
      subscribedNodesSmallIds: { id: id(3), size: 0n },
      minimumReputationScore: 0,
      isPublic: false,
      whitelistedNodes: [4n, 5n],
    };
    expect(G2.objects.Task.parse(G2.objects.Task.serialize(task).toBytes())).toEqual(task);
  });
});

const table = { id: id(0), size: 0n };
const emptyDb = {
  id: id(0),
  tickets: id(0),
  nextNodeSmallId: 0n,
  nextTaskSmallId: 0n,
  nextStackSmallId: 0n,
  nodes: table,
  models: table,
  tasks: table,
  stacks: table,
  stackSettlementTickets: table,
  feeTreasury: 0n,
  communalTreasury: 0n,
  crossValidationProbabilityPermille: 0n,
  crossValidationExtraNodesCount: 0n,
  samplingConsensusChargePermille: 0n,
  crossValidationExtraNodesChargePermille: 0n,
  keyRotationCounter: 0n,
  nonce: 0n,
  isRegistrationDisabled: false,
  registrationCollateralInProtocolToken: 0n,
  permilleToSlashNodeOnTimeout: 0n,
  permilleForOracleOnDispute: 0n,
  permilleForHonestNodesOnDispute: 0n,
};

describe('calls', () => {
  it.each([
    ['G1', 3, 5, false],
    ['G2', 2, 4, true],
  ] as const)(
    'have the shape by which a node detects %s (protocol.md 0)',
    (generation, register, subscribe, direct) => {
      const { calls } = contractOf(generation);
      const count = (name: 'register_node_entry' | 'subscribe_node_to_task'): number =>
        calls[name].params.length + (calls[name].takesContext ? 1 : 0);
      expect([count('register_node_entry'), count('subscribe_node_to_task')]).toEqual([register, subscribe]);
      expect(calls.claim_funds_for_stacks !== undefined).toBe(direct);
    },
  );
  it('marks the functions that draw', () => {
    const drawing = (generation: 'G1' | 'G2'): string[] =>
      Object.values(contractOf(generation).calls)
        .filter((call) => call.usesRandom)
        .map((call) => call.function);
    expect(drawing('G1')).toEqual(['acquire_new_stack_entry', 'try_settle_stack']);
    expect(drawing('G2')).toEqual(['acquire_new_stack_entry', 'try_settle_stack', 'new_network_key_rotation']);
  });
  it('lets only the holder of the badge create tasks on G2', () => {
    const badges = (generation: 'G1' | 'G2'): string[] =>
      contractOf(generation).calls.create_task_entry.params.flatMap((param) =>
        param.kind === 'badge' ? [param.badge] : [],
      );
    expect([badges('G1'), badges('G2')]).toEqual([[], ['AtomaManagerBadge']]);
  });
});
