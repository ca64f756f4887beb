import { Select, SimpleGrid, Switch } from '@mantine/core';
import { TextField } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from '../upstream-editor/number-field.js';
import { JwtFields } from './jwt-fields.js';
import { ListField } from './list-field.js';
import { PolicyGroup } from './policy-group.js';
import { type PolicyForm, USUAL_POLICY, withAuthentication } from './policy-words.js';

export interface PolicyProps {
  readonly words: PolicyForm;
  readonly onChange: (words: PolicyForm) => void;
}

/** How callers say who they are. */
export function AuthenticationSections({ words, onChange }: PolicyProps) {
  const { keys, jwt, mtls } = words.authentication ?? {};
  return (
    <>
      <PolicyGroup
        path="authentication.keys"
        title="Other places for API keys"
        description="Off: in the header x-api-key, as Authorization: Bearer, or as the user name of Basic. The key never reaches the upstream."
        guide="api-keys"
        value={keys}
        initial={{}}
        onChange={(value) => onChange(withAuthentication(words, 'keys', value))}
      >
        {(value) => {
          const change = (next: typeof value) => onChange(withAuthentication(words, 'keys', next));
          return (
            <>
              <div className={classes.fields}>
                <TextField
                  path="authentication.keys.header"
                  label="Header"
                  placeholder={USUAL_POLICY.keyHeader}
                  value={value.header ?? ''}
                  onChange={(header) => change(withOptional(value, 'header', header || undefined))}
                />
                <TextField
                  path="authentication.keys.queryParameter"
                  label="Query parameter"
                  description="Addresses with keys end up in other people’s logs."
                  placeholder="None"
                  value={value.queryParameter ?? ''}
                  onChange={(name) => change(withOptional(value, 'queryParameter', name || undefined))}
                />
              </div>
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <Switch
                  label="Authorization: Bearer"
                  checked={value.bearer ?? true}
                  onChange={(event) =>
                    change(withOptional(value, 'bearer', event.currentTarget.checked ? undefined : false))
                  }
                />
                <Switch
                  label="User name of Authorization: Basic"
                  checked={value.basicUser ?? true}
                  onChange={(event) =>
                    change(withOptional(value, 'basicUser', event.currentTarget.checked ? undefined : false))
                  }
                />
              </SimpleGrid>
            </>
          );
        }}
      </PolicyGroup>
      <PolicyGroup
        path="authentication.jwt"
        title="Access tokens"
        description="Signed tokens (JWT) of your authorization server, such as an OpenID provider, in Authorization: Bearer. Each stands for an application."
        guide="tokens-and-certificates"
        value={jwt}
        initial={{ issuer: '', audiences: [] }}
        onChange={(value) => onChange(withAuthentication(words, 'jwt', value))}
      >
        {(value) => <JwtFields words={value} onChange={(next) => onChange(withAuthentication(words, 'jwt', next))} />}
      </PolicyGroup>
      <PolicyGroup
        path="authentication.mtls"
        title="Client certificates"
        description="Of the authorities that the operator has named for the host."
        guide="tokens-and-certificates"
        value={mtls}
        initial={{}}
        onChange={(value) => onChange(withAuthentication(words, 'mtls', value))}
      >
        {(value) => (
          <>
            <Select
              label="Which name says who calls"
              maw={320}
              allowDeselect={false}
              data={[
                { value: 'subject', label: 'The subject' },
                { value: 'alternative_name', label: 'An alternative name' },
              ]}
              value={value.identifyBy ?? 'subject'}
              onChange={(next) =>
                onChange(
                  withAuthentication(
                    words,
                    'mtls',
                    withOptional(value, 'identifyBy', next === 'alternative_name' ? next : undefined),
                  ),
                )
              }
            />
            <Switch
              label="Refuse calls without one, whatever else they show"
              checked={value.isRequired ?? false}
              onChange={(event) =>
                onChange(
                  withAuthentication(
                    words,
                    'mtls',
                    withOptional(value, 'isRequired', event.currentTarget.checked || undefined),
                  ),
                )
              }
            />
          </>
        )}
      </PolicyGroup>
    </>
  );
}

/** From where calls may come, and how. */
export function PlaceSections({ words, onChange }: PolicyProps) {
  const { addresses, transport } = words;
  return (
    <>
      <PolicyGroup
        path="addresses"
        title="Network addresses"
        description="Which addresses and ranges may call. What is denied is so even when it is allowed as well."
        guide="transformations"
        value={addresses}
        initial={{}}
        onChange={(value) => onChange(withOptional(words, 'addresses', value))}
      >
        {(value) => (
          <div className={classes.fields}>
            <ListField
              path="addresses.allow"
              label="Only these"
              placeholder="All: 192.0.2.0/24"
              value={value.allow}
              onChange={(allow) => onChange({ ...words, addresses: { ...value, allow } })}
            />
            <ListField
              path="addresses.deny"
              label="Not these"
              placeholder="None: 192.0.2.66"
              value={value.deny}
              onChange={(deny) => onChange({ ...words, addresses: { ...value, deny } })}
            />
          </div>
        )}
      </PolicyGroup>
      <PolicyGroup
        path="transport"
        title="HTTPS only"
        description="Calls must come by HTTPS, at the gateway itself or at a trusted proxy before it."
        guide="tls-and-http2"
        value={transport}
        initial={{}}
        onChange={(value) => onChange(withOptional(words, 'transport', value))}
      >
        {(value) => (
          <div className={classes.fields}>
            <Select
              label="A call by plain HTTP"
              description="A redirect comes after the key was sent in plain text."
              allowDeselect={false}
              data={[
                { value: 'refuse', label: 'Is refused with 426' },
                { value: 'redirect', label: 'Is redirected with 308' },
              ]}
              value={value.plainHttp ?? 'refuse'}
              onChange={(next) =>
                onChange({ ...words, transport: next === 'redirect' ? { ...value, plainHttp: next } : {} })
              }
            />
            {value.plainHttp === 'redirect' && (
              <NumberField
                path="transport.httpsPort"
                label="To the port"
                usual={USUAL_POLICY.httpsPort}
                value={value.httpsPort}
                onChange={(port) => onChange({ ...words, transport: withOptional(value, 'httpsPort', port) })}
              />
            )}
          </div>
        )}
      </PolicyGroup>
    </>
  );
}
