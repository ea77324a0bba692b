/** Who may look at this console: signed-in browsers, how long they stay so, and read-only tokens (issue: "Headless and remote"). */
import { KeyRound, MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemoteView, TokenScope } from '../../../src-shared/bridge/remote-calls.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy.tsx';
import { Field, Select } from '../../components/field.tsx';
import { Empty, ErrorNotice, Notice } from '../../components/notice.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Read } from '../../components/read.tsx';
import { useNow } from '../../components/use-now.ts';
import { useAct, useCall } from '../../data/client.tsx';
import { agoText, shortTimeText } from '../../format/time.ts';

const idleChoices = ['15', '60', '240', '720', '1440', '10080'] as const;

function IdleChoice({ minutes }: { minutes: number }) {
  const { t } = useTranslation();
  const tell = useTell();
  const save = useAct('remote.setIdle', ['remote.get']);
  const now = String(minutes);
  const known = idleChoices.find((choice) => choice === now) !== undefined;
  const options: (readonly [string, string])[] = idleChoices.map(
    (choice) => [choice, t(`remote.idleChoice.${choice}`)] as const,
  );
  return (
    <Select
      label={t('remote.idle')}
      hint={t('remote.idleHint')}
      value={now}
      options={known ? options : [[now, t('remote.idleOther', { minutes: now })], ...options]}
      onChange={(chosen) =>
        save.mutate(
          { minutes: Number(chosen) },
          { onSuccess: () => tell(true, t('remote.idleSaved')), onError: (error) => tell(false, error.message) },
        )
      }
    />
  );
}

/** Where browsers reach this console, and how. */
function Served({ view: { address, tls, hostNames } }: { view: RemoteView }) {
  const { t } = useTranslation();
  if (address === null) return <p>{t('remote.notServed')}</p>;
  return (
    <Facts
      rows={[
        [
          t('remote.served'),
          <code key="a" className="break">
            {address}
          </code>,
        ],
        [t('remote.reach'), t(tls ? 'remote.tls' : 'remote.loopback')],
        hostNames.length === 0
          ? null
          : [
              t('remote.hostNames'),
              <code key="h" className="break">
                {hostNames.join(', ')}
              </code>,
            ],
      ]}
    />
  );
}

function Sessions({ view }: { view: RemoteView }) {
  const { t } = useTranslation();
  const tell = useTell();
  const nowMs = useNow(30_000);
  const end = useAct('remote.endSession', ['remote.get']);
  const others = useAct('remote.endOthers', ['remote.get']);
  const failed = (error: Error): void => tell(false, error.message);
  return (
    <Card
      title={t('remote.sessions')}
      head={
        view.sessions.some((session) => !session.current) ? (
          <Button
            small
            busy={others.isPending}
            onClick={() => others.mutate({}, { onSuccess: () => tell(true, t('remote.othersEnded')), onError: failed })}
          >
            {t('remote.endOthers')}
          </Button>
        ) : undefined
      }
    >
      <Served view={view} />
      {view.sessions.length === 0 ? (
        <Empty icon={MonitorSmartphone}>{t('remote.noSessions')}</Empty>
      ) : (
        <PlainTable
          cards
          label={t('remote.sessionsTable')}
          heads={[
            t('remote.column.browser'),
            t('remote.column.address'),
            t('remote.column.since'),
            t('remote.column.active'),
            t('remote.column.act'),
          ]}
        >
          {view.sessions.map((session) => (
            <tr key={session.id}>
              <th scope="row" lang="en">
                {session.browser}
              </th>
              <td data-head={t('remote.column.address')}>
                <code className="break">{session.address}</code>
              </td>
              <td data-head={t('remote.column.since')}>{shortTimeText(session.createdMs, nowMs)}</td>
              <td data-head={t('remote.column.active')}>{agoText(session.lastActiveMs, nowMs)}</td>
              <td>
                {session.current ? (
                  <span className="muted">{t('remote.current')}</span>
                ) : (
                  <Button
                    small
                    busy={end.isPending && end.variables.id === session.id}
                    aria-label={t('remote.endNamed', { browser: session.browser, address: session.address })}
                    onClick={() =>
                      end.mutate(
                        { id: session.id },
                        { onSuccess: () => tell(true, t('remote.ended')), onError: failed },
                      )
                    }
                  >
                    {t('remote.end')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
      {view.address !== null && (
        <div className="two">
          <IdleChoice minutes={view.idleMinutes} />
        </div>
      )}
    </Card>
  );
}

function NewToken() {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<TokenScope>('metrics');
  const make = useAct('remote.createToken', ['remote.get']);
  return (
    <>
      {make.data !== undefined && (
        <Notice tone="executing" role="status" title={t('remote.secret')}>
          <p>
            <code className="break">{make.data.secret}</code>
          </p>
          <p>{t('remote.secretHint')}</p>
          <div className="actions">
            <CopyButton text={make.data.secret} label={t('remote.copySecret')} />
            <Button small onClick={() => make.reset()}>
              {t('remote.hideSecret')}
            </Button>
          </div>
        </Notice>
      )}
      <form
        className="section"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate({ name: name.trim(), scope }, { onSuccess: () => setName('') });
        }}
      >
        <div className="two">
          <Field
            label={t('remote.tokenName')}
            hint={t('remote.tokenNameHint')}
            value={name}
            maxLength={60}
            required
            onChange={(event) => setName(event.target.value)}
          />
          <Select
            label={t('remote.scopeLabel')}
            value={scope}
            onChange={setScope}
            options={[
              ['metrics', t('remote.scope.metrics')],
              ['fleet', t('remote.scope.fleet')],
            ]}
          />
        </div>
        {make.error !== null && <ErrorNotice error={make.error} />}
        <div className="actions">
          <Button type="submit" busy={make.isPending}>
            {t('remote.make')}
          </Button>
        </div>
      </form>
    </>
  );
}

function Tokens({ tokens }: { tokens: RemoteView['tokens'] }) {
  const { t } = useTranslation();
  const tell = useTell();
  const nowMs = useNow(30_000);
  const revoke = useAct('remote.revokeToken', ['remote.get']);
  return (
    <Card title={t('remote.tokens')}>
      <p className="hint">{t('remote.tokensIntro')}</p>
      {tokens.length === 0 ? (
        <Empty icon={KeyRound}>{t('remote.noTokens')}</Empty>
      ) : (
        <PlainTable
          cards
          label={t('remote.tokensTable')}
          heads={[
            t('remote.tokenColumn.name'),
            t('remote.tokenColumn.scope'),
            t('remote.tokenColumn.made'),
            t('remote.tokenColumn.used'),
            t('remote.tokenColumn.act'),
          ]}
        >
          {tokens.map((token) => (
            <tr key={token.id}>
              <th scope="row">{token.name}</th>
              <td data-head={t('remote.tokenColumn.scope')}>{t(`remote.scope.${token.scope}`)}</td>
              <td data-head={t('remote.tokenColumn.made')}>{shortTimeText(token.createdMs, nowMs)}</td>
              <td data-head={t('remote.tokenColumn.used')}>
                {token.lastUsedMs === null ? t('remote.neverUsed') : agoText(token.lastUsedMs, nowMs)}
              </td>
              <td>
                <Button
                  small
                  busy={revoke.isPending && revoke.variables.id === token.id}
                  aria-label={t('remote.revokeNamed', { name: token.name })}
                  onClick={() =>
                    revoke.mutate(
                      { id: token.id },
                      {
                        onSuccess: () => tell(true, t('remote.revoked')),
                        onError: (error) => tell(false, error.message),
                      },
                    )
                  }
                >
                  {t('remote.revoke')}
                </Button>
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
      <NewToken />
    </Card>
  );
}

/** The section. */
export function RemoteSection() {
  const view = useCall('remote.get', {});
  return (
    <Read query={view}>
      {(remote) => (
        <>
          <Sessions view={remote} />
          <Tokens tokens={remote.tokens} />
        </>
      )}
    </Read>
  );
}
