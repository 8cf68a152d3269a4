import { defineCommand } from '../cli/command.ts';
import { envelopeOf, reading } from '../cli/writing.ts';
import { LfctlError } from '../errors/error.ts';

export const keyVerifyCommand = defineCommand({
  path: ['key', 'verify'],
  summary: 'Say which project a key pair opens, and whether the public key is really the secret’s',
  when: 'When an application sends and nothing arrives, or arrives in the wrong project. Langfuse finds a key by its secret alone: a 200 does not mean that the public key beside it is right.',
  examples: [
    { line: 'lfctl key verify', text: 'the pair of LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY' },
    { line: 'lfctl key verify --secret litellm/litellm-env', text: 'the pair that a Secret holds' },
    { line: 'lfctl key verify --from-input', text: 'from standard input; never as an argument' },
  ],
  options: {
    secret: { type: 'string', placeholder: 'NAMESPACE/NAME', summary: 'take the pair from this Secret' },
    publicKeyName: {
      type: 'string',
      placeholder: 'NAME',
      summary: 'name of the public key in the Secret',
      default: 'LANGFUSE_PUBLIC_KEY',
    },
    secretKeyName: {
      type: 'string',
      placeholder: 'NAME',
      summary: 'name of the secret key in the Secret',
      default: 'LANGFUSE_SECRET_KEY',
    },
    fromInput: { type: 'boolean', summary: 'take the pair from standard input: JSON or NAME=value lines' },
  },
  exits: ['ok', 'findings', 'usage', 'config', 'incomplete'],
  timeoutMs: 60_000,
  takes: ['cluster', 'deployment'],
  run: async (context) => {
    const { options, services } = context;
    const { secret, fromInput, publicKeyName, secretKeyName } = options;
    if (fromInput && secret !== undefined)
      throw new LfctlError('USAGE', {
        message: 'the pair is in --secret or comes with --from-input, not both',
      });
    const { ownPair, pairInSecret, verifyPair } = await import('../keys/verify.ts');
    const { parsePair } = await import('../keys/pair.ts');
    const { verifiedText } = await import('../render/keys/verified.ts');
    const origin = 'standard input';
    const given = fromInput ? parsePair(await services.terminal.readInput(), origin) : null;
    const names = { publicKey: publicKeyName, secretKey: secretKeyName };
    return await reading(context, async (tenancy) => {
      const pair =
        given !== null
          ? { ...given, origin }
          : secret === undefined
            ? ownPair(tenancy)
            : await pairInSecret(tenancy, secret, names);
      const { verdict, ...data } = await verifyPair(tenancy, pair);
      return {
        kind: 'KeyVerify',
        data: { ...data, verdict },
        exit: verdict === 'unknown' ? 'incomplete' : verdict,
        deployment: envelopeOf(tenancy),
        text: (style) => verifiedText({ ...data, verdict }, style),
      };
    });
  },
});
