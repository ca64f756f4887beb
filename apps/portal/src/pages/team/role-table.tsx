import type { MemberRole } from '../../api/team.js';
import { Facts } from '../../components/facts.js';
import { Section } from '../../components/section.js';
import { roleWords } from './role-words.js';

/** What each role is for. Every member sees everything but the audit log and open invitations. */
export function RoleTable() {
  return (
    <Section
      title="Roles"
      description="Every member sees applications, usage and invoices. These are what they may change."
    >
      <Facts
        entries={(Object.keys(roleWords) as MemberRole[]).map((role) => ({
          label: roleWords[role].label,
          value: roleWords[role].may,
        }))}
      />
    </Section>
  );
}
