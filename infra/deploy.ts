import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Ceiling } from './ceiling.ts';
import { Component } from './component.ts';
import { deployRights } from './deploy-rights.ts';
import { tags } from './names.ts';
import { policy } from './policy.ts';

const GITHUB = 'token.actions.githubusercontent.com';

export interface DeployOptions {
  /** `owner/name`. */
  readonly repository: string;
  /** GitHub's OIDC provider, where the account has one: there can be one only. */
  readonly providerArn: string | undefined;
}

/** The role `.github/workflows/deploy.yml` takes on, without a key that could leak: GitHub says who it is (OIDC). */
export class Deploy extends Component {
  constructor(name: string, { repository, providerArn }: DeployOptions) {
    super('Deploy', name);
    const role = new aws.iam.Role(
      this.named('role'),
      {
        name: this.physical(name),
        maxSessionDuration: 3600,
        permissionsBoundary: new Ceiling('ceiling', this).arn,
        assumeRolePolicy: pulumi.jsonStringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['sts:AssumeRoleWithWebIdentity'],
              Principal: { Federated: providerArn ?? this.#provider() },
              Condition: {
                StringEquals: {
                  [`${GITHUB}:aud`]: 'sts.amazonaws.com',
                  // One environment of one repository: a pull request of a stranger has another subject.
                  [`${GITHUB}:sub`]: `repo:${repository}:environment:${pulumi.getStack()}`,
                },
              },
            },
          ],
        }),
        tags,
      },
      this.child,
    );
    new aws.iam.RolePolicy(this.named('rights'), { role: role.name, policy: policy(deployRights()) }, this.child);
    this.registerOutputs({ roleArn: role.arn });
  }

  #provider(): pulumi.Output<string> {
    const made = new aws.iam.OpenIdConnectProvider(
      this.named('github'),
      { url: `https://${GITHUB}`, clientIdLists: ['sts.amazonaws.com'], tags },
      // Other stacks of the account may use it as well.
      { ...this.child, retainOnDelete: true },
    );
    return made.arn;
  }
}
