/** MovePackageService: the signatures by which a console detects the contract's generation (protocol.md 0). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { G1_CALLS, faucetType, dbType } from '../../../../src-shared/atoma/index.ts';
import type { MachineCall, MachineParam, MachinePure } from '../machine/call-shape.ts';
import type { Deployment } from '../machine/deployment.ts';
import { packageCalls } from '../machine/legacy-calls.ts';
import { CREATE_MANAGER_BADGE, PUBLISHER_TYPE } from '../machine/manager-badge.ts';
import type { ChainCore } from './chain-core.ts';
import { notFound } from './grpc-error.ts';
import { unary } from './method.ts';
import type { Methods } from './method.ts';

const kinds = T.OpenSignatureBody_Type;
const references = T.OpenSignature_Reference;

const body = (type: number, rest: Partial<T.OpenSignatureBody> = {}): T.OpenSignatureBody => ({
  type,
  typeParameterInstantiation: [],
  ...rest,
});
const datatype = (typeName: string, parameters: readonly T.OpenSignatureBody[] = []): T.OpenSignatureBody =>
  body(kinds.DATATYPE, { typeName, typeParameterInstantiation: [...parameters] });
const framework = (name: string, parameters: readonly T.OpenSignatureBody[] = []): T.OpenSignatureBody =>
  datatype(`${normalizeSuiAddress('0x2')}::${name}`, parameters);
const option = (inner: T.OpenSignatureBody): T.OpenSignatureBody =>
  datatype(`${normalizeSuiAddress('0x1')}::option::Option`, [inner]);

const pureBodies: Readonly<Record<MachinePure, T.OpenSignatureBody>> = {
  bool: body(kinds.BOOL),
  u8: body(kinds.U8),
  u16: body(kinds.U16),
  u32: body(kinds.U32),
  u64: body(kinds.U64),
  id: datatype(`${normalizeSuiAddress('0x2')}::object::ID`),
  string: datatype(`${normalizeSuiAddress('0x1')}::ascii::String`),
  'vector<u8>': body(kinds.VECTOR, { typeParameterInstantiation: [body(kinds.U8)] }),
  'vector<u64>': body(kinds.VECTOR, { typeParameterInstantiation: [body(kinds.U64)] }),
  'vector<u32>': body(kinds.VECTOR, { typeParameterInstantiation: [body(kinds.U32)] }),
  'option<u64>': option(body(kinds.U64)),
  'option<u8>': option(body(kinds.U8)),
  'option<u16>': option(body(kinds.U16)),
  'option<string>': option(datatype(`${normalizeSuiAddress('0x1')}::ascii::String`)),
};

const signature = (deployment: Deployment, param: MachineParam): T.OpenSignature => {
  switch (param.kind) {
    case 'pure':
      return { body: pureBodies[param.pure] };
    case 'random':
      return { reference: references.IMMUTABLE, body: framework('random::Random') };
    case 'coin':
      return { reference: references.MUTABLE, body: framework('coin::Coin', [datatype(deployment.coinType)]) };
    case 'balance':
      return { reference: references.MUTABLE, body: framework('balance::Balance', [datatype(deployment.coinType)]) };
    case 'shared': {
      const name =
        param.object === 'AtomaDb' ? dbType(deployment.packageId, 'AtomaDb') : faucetType(deployment.coinPackageId);
      return { reference: references.MUTABLE, body: datatype(name) };
    }
    case 'badge': {
      const name = datatype(dbType(deployment.packageId, param.badge));
      if (param.passing === 'value') return { body: name };
      return { reference: param.passing === 'mut' ? references.MUTABLE : references.IMMUTABLE, body: name };
    }
  }
};

const descriptor = (deployment: Deployment, spec: MachineCall): T.FunctionDescriptor => ({
  name: spec.function,
  visibility:
    spec.visibility === 'public' ? T.FunctionDescriptor_Visibility.PUBLIC : T.FunctionDescriptor_Visibility.PRIVATE,
  isEntry: spec.returns === undefined,
  typeParameters: [],
  parameters: [
    ...spec.params.map((param) => signature(deployment, param)),
    ...(spec.takesContext ? [{ reference: references.MUTABLE, body: framework('tx_context::TxContext') }] : []),
  ],
  returns: spec.returns === undefined ? [] : [{ body: datatype(dbType(deployment.packageId, spec.returns)) }],
});

const specsOf = (deployment: Deployment, packageId: string): readonly MachineCall[] => {
  if (packageId === deployment.packageId) return [...packageCalls(deployment.generation).values()];
  if (packageId === deployment.coinPackageId) return deployment.faucetId === null ? [] : [G1_CALLS.faucet];
  throw notFound(`Package ${packageId} not found`);
};

/** The functions that take neither the database nor anything else the call table knows. */
const createManagerBadge = (deployment: Deployment): readonly T.FunctionDescriptor[] =>
  [...CREATE_MANAGER_BADGE].map(([name, { returns }]) => ({
    name,
    visibility: T.FunctionDescriptor_Visibility.PUBLIC,
    isEntry: !returns,
    typeParameters: [],
    parameters: [
      { reference: references.IMMUTABLE, body: datatype(PUBLISHER_TYPE) },
      { reference: references.MUTABLE, body: framework('tx_context::TxContext') },
    ],
    returns: returns ? [{ body: datatype(dbType(deployment.packageId, 'AtomaManagerBadge')) }] : [],
  }));

/** Every function of a package with its module. */
const functionsOf = (
  deployment: Deployment,
  packageId: string,
): readonly { readonly module: string; readonly described: T.FunctionDescriptor }[] => {
  const listed = specsOf(deployment, packageId).map((spec) => ({
    module: spec.module as string,
    described: descriptor(deployment, spec),
  }));
  if (packageId !== deployment.packageId) return listed;
  return [...listed, ...createManagerBadge(deployment).map((described) => ({ module: 'db', described }))];
};

const packageOf = (deployment: Deployment, packageId: string): T.Package => {
  const all = functionsOf(deployment, packageId);
  const modules = [...new Set(all.map(({ module }) => module))].map((name) => ({
    name,
    datatypes: [],
    functions: all.flatMap(({ module, described }) => (module === name ? [described] : [])),
  }));
  return { storageId: packageId, originalId: packageId, version: 1n, modules, typeOrigins: [], linkage: [] };
};

/** The service's methods. */
export const packageService = (core: ChainCore): Methods => ({
  'sui.rpc.v2.MovePackageService/GetFunction': unary(T.GetFunctionRequest, T.GetFunctionResponse, (request) => {
    const { deployment } = core.state;
    const packageId = normalizeSuiAddress(request.packageId ?? '');
    const all = functionsOf(deployment, packageId);
    const found = all.find(({ module, described }) => module === request.moduleName && described.name === request.name);
    if (!found) throw notFound(`Function ${packageId}::${request.moduleName ?? ''}::${request.name ?? ''} not found`);
    return { function: found.described };
  }),
  'sui.rpc.v2.MovePackageService/GetPackage': unary(T.GetPackageRequest, T.GetPackageResponse, (request) => ({
    package: packageOf(core.state.deployment, normalizeSuiAddress(request.packageId ?? '')),
  })),
});
