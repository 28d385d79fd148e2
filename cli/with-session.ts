import { connect, type Session } from "./connect.ts";

/** Reach both servers, do something, and let go of them, however it ends. */
export async function withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const session = await connect();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
