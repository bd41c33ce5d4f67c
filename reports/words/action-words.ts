import { dictionary } from '../../words/dictionary.ts';

/** What an operator can do; the command stands beside it. */
export const actionWords = dictionary({
  en: {
    ask_for_parent: 'Ask the vendor for the missing record now:',
    look_at_record: 'Look at one of the records, and at what the vendor says of it now:',
    look_at_sample: 'Ask the vendor for one of the absent records. If it is there, the list was wrong:',
    correct_reference:
      'At the vendor: restore the missing record, or give these records the right one. Is it right that it is gone, nothing has to be done here.',
    add_account: 'Is an account missing in pmsync.yaml? Add it, restart, and see whether it can be read:',
    requeue: 'After that put the records back into the line:',
    let_in: 'If it may come back after all:',
    put_account_back: 'Put the account back into pmsync.yaml, restart, and see whether it can be read:',
    look_at_fields: 'See what the vendor sends in each field, and what is new:',
    correct_value:
      'Wrong at the vendor: correct it there, the next run heals it. Right at the vendor: upgrade pmsync, or tell us field, type and rule.',
    new_token: 'Put a new key into .env and restart.',
    correct_address: 'Compare baseUrl in pmsync.yaml with what the vendor says, and restart.',
    check: 'See whether every account can be read:',
    sync: 'Read what is missing:',
    wait_next_run: 'Nothing else: the next run tries it again by itself.',
    wait_look_up: 'Nothing else: they are asked again every 5 minutes.',
    wait_parents: 'Nothing: the records go on by themselves. How many wait:',
    brake_leave: 'The list was wrong: do nothing. It closes itself at the next complete run within the brake.',
    confirm_deletes: 'They are really gone: let the deletes pass. Each is read once more first:',
    confirm_deletes_full: 'Or with a complete run:',
  },
  ru: {
    ask_for_parent: 'Спросить поставщика о недостающей записи сейчас:',
    look_at_record: 'Посмотреть одну из записей и что поставщик говорит о ней сейчас:',
    look_at_sample: 'Спросить поставщика об одной из пропавших записей. Если она есть, ошибался список:',
    correct_reference:
      'У поставщика: восстановить недостающую запись или указать верную. Если она удалена намеренно, здесь делать ничего не нужно.',
    add_account: 'В pmsync.yaml не хватает аккаунта? Добавить, перезапустить и проверить, читается ли он:',
    requeue: 'После этого вернуть записи в очередь:',
    let_in: 'Если ей всё-таки можно вернуться:',
    put_account_back: 'Вернуть аккаунт в pmsync.yaml, перезапустить и проверить, читается ли он:',
    look_at_fields: 'Посмотреть, что поставщик присылает в каждом поле и что нового:',
    correct_value:
      'Неверно у поставщика: исправить там, следующий прогон закроет. Верно у поставщика: обновить pmsync или сообщить нам поле, тип и правило.',
    new_token: 'Записать новый ключ в .env и перезапустить.',
    correct_address: 'Сверить baseUrl в pmsync.yaml с тем, что говорит поставщик, и перезапустить.',
    check: 'Проверить, читаются ли все аккаунты:',
    sync: 'Прочитать недостающее:',
    wait_next_run: 'Больше ничего: следующий прогон попробует сам.',
    wait_look_up: 'Больше ничего: их спрашивают снова каждые 5 минут.',
    wait_parents: 'Ничего: записи пройдут сами. Сколько ждёт:',
    brake_leave: 'Ошибался список: ничего не делать. Закроется при следующем полном чтении в пределах тормоза.',
    confirm_deletes: 'Их правда нет: пропустить удаления. Каждую запись перед этим прочитают ещё раз:',
    confirm_deletes_full: 'Или полным чтением:',
  },
});

export type ActionCode = keyof ReturnType<typeof actionWords>;
