/**
 * What one answer takes, as a meter counts it: from the command to the end; with `answer` from the request on, without the writing of it;
 * with `made` only the making of the client. The second answer counts: the first one does what is done once.
 */
export async function measureWork(meter, contestant, task, measure) {
  await workOf(meter, contestant, task, measure)
  return workOf(meter, contestant, task, measure)
}

async function workOf(meter, contestant, task, measure) {
  let made
  if (measure === 'made') meter.start()
  const client = task.create(contestant, { onCall: () => measure === 'answer' && meter.start() })
  if (measure === 'made') made = meter.stop()
  if (measure === 'cpu') meter.start()
  await contestant.send(client)
  const work = made ?? meter.stop()
  task.check(contestant, client)
  contestant.dispose(client)
  return work
}
