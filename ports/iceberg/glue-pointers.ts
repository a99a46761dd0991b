import {
  CreateTableCommand,
  GetTableCommand,
  GetTablesCommand,
  GlueClient,
  type Table,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { type AwsConnection, awsError, clientSettings, isRefusal, told } from '../aws.ts';
import { PortError } from '../errors.ts';
import { glueColumns } from './columns.ts';
import type { Pointed, Pointers } from './storage.ts';

/** Pointers in a database of the Glue catalog, kept as Iceberg's own GlueCatalog keeps them. */
export function createGluePointers(options: {
  readonly database: string;
  readonly connection?: AwsConnection;
}): Pointers {
  const { database: DatabaseName, connection = {} } = options;
  const client = new GlueClient(clientSettings(connection));

  async function tableOf(Name: string): Promise<Table | undefined> {
    try {
      return (await client.send(new GetTableCommand({ DatabaseName, Name }))).Table;
    } catch (error) {
      if (isRefusal(error, 'EntityNotFoundException')) return undefined;
      throw awsError(error, 'Looking up a table');
    }
  }

  return {
    async names() {
      const names: string[] = [];
      let token: string | undefined;
      do {
        const query = new GetTablesCommand({ DatabaseName, ...(token && { NextToken: token }) });
        const { TableList = [], NextToken } = await told('Listing the tables', () => client.send(query));
        names.push(...TableList.filter(isIceberg).map(({ Name = '' }) => Name));
        token = NextToken;
      } while (token !== undefined);
      return names;
    },
    async find(name) {
      const table = await tableOf(name);
      if (table === undefined) return undefined;
      const address = addressIn(table);
      if (isIceberg(table) && address !== undefined) return address;
      throw new PortError('table_unsupported', `${name} is no Iceberg table.`, {
        remedy: 'Give the other table or view of the database another name.',
      });
    },
    async create(name, next) {
      try {
        await client.send(new CreateTableCommand({ DatabaseName, TableInput: inputOf(name, next, {}) }));
        return true;
      } catch (error) {
        if (isRefusal(error, 'AlreadyExistsException')) return false;
        throw awsError(error, 'Creating a table');
      }
    },
    async turn(name, from, next) {
      const table = await tableOf(name);
      if (table === undefined || addressIn(table) !== from) throw conflict(name);
      // Glue refuses when somebody turned it between these two calls.
      const VersionId = table.VersionId;
      try {
        const TableInput = inputOf(name, next, table);
        await client.send(new UpdateTableCommand({ DatabaseName, TableInput, VersionId, SkipArchive: true }));
      } catch (error) {
        // An answer may have been lost on the way, and a second try is then refused because of the first.
        const now = await tableOf(name);
        if (now !== undefined && addressIn(now) === next.address) return;
        const isOther = isRefusal(error, 'ConcurrentModificationException', 'VersionMismatchException');
        throw isOther ? conflict(name) : awsError(error, 'Committing to a table');
      }
    },
  };
}

/** What the entry is to be: its pointer and columns; everything else stays as it is. */
function inputOf(name: string, { address, metadata }: Pointed, before: Partial<Table>): TableInput {
  const { Description, Owner, Retention, StorageDescriptor: stored = {}, PartitionKeys, Parameters } = before;
  const previous = addressIn(before);
  return {
    Name: name,
    Description,
    Owner,
    Retention,
    PartitionKeys,
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      ...Parameters,
      table_type: 'ICEBERG',
      metadata_location: address,
      ...(previous !== undefined && { previous_metadata_location: previous }),
    },
    StorageDescriptor: {
      ...stored,
      Location: metadata.location,
      Columns: glueColumns(name, metadata, stored.Columns),
    },
  };
}

function isIceberg({ Parameters }: Table): boolean {
  return Parameters?.['table_type']?.toUpperCase() === 'ICEBERG';
}

function addressIn({ Parameters }: Partial<Table>): string | undefined {
  return Parameters?.['metadata_location'];
}

function conflict(name: string): PortError {
  return new PortError('commit_conflict', `Another writer committed to ${name} first.`, {
    remedy: 'Load the table again and repeat the change.',
  });
}
