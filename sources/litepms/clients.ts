import { z } from 'zod';
import { defineEntity } from '../define-source.ts';
import { externalIdOf, flag, ownId, text, zoned } from '../fields.ts';
import { countedPages } from '../numbered-pages.ts';
import { call, rowsOf } from './api.ts';
import { day, gender, localTime } from './fields.ts';
import { byId } from './one.ts';

/** README.md §6.1. There is no filter by change, so every run reads all pages. Some clients are in no list, but readable by id. */
export const clients = defineEntity({
  name: 'clients',
  table: 'clients',
  scope: 'account',
  key: (record) => externalIdOf(record.id),
  references: [],
  listing: countedPages(async (context, number) => {
    const answer = await call(context, 'getClients', { page: String(number) });
    return { records: rowsOf(answer, 'getClients'), pages: answer.pages };
  }),
  one: byId('getClient', /client|guest|клиент|гост/i, { emptyIsAbsent: true }),
  absence: 'deleted',
  schema: z.object({
    id: ownId,
    name: text,
    surname: text,
    middlename: text,
    phone: text,
    email: text,
    birthday: day,
    gender,
    address: text,
    comment: text,
    doc_title: text,
    doc_series: text,
    doc_code: text,
    doc_where: text,
    doc_when: day,
    doc_valid: day,
    vip: flag,
    bl: flag,
    foreigner: flag,
    date: localTime,
  }),
  keep: [],
  toRow: (client, account) => ({
    first_name: client.name,
    last_name: client.surname,
    middle_name: client.middlename,
    phone: client.phone,
    email: client.email,
    birthday: client.birthday,
    gender: client.gender,
    address: client.address,
    comment: client.comment,
    document_type: client.doc_title,
    document_series: client.doc_series,
    document_number: client.doc_code,
    document_issued_by: client.doc_where,
    document_issued_at: client.doc_when,
    document_valid_until: client.doc_valid,
    is_vip: client.vip,
    is_blacklisted: client.bl,
    is_foreigner: client.foreigner,
    source_created_at: zoned(client.date, account),
  }),
});
