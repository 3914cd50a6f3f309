using Microsoft.AspNetCore.Http;

namespace L4Lb.Testing.Cluster;

/// <summary>Something that goes wrong with one request, around the proper answer or instead of it.</summary>
internal delegate Task Fault(HttpContext context, RequestDelegate answer);

/// <summary>What can go wrong.</summary>
internal static class Faults
{
    /// <summary>An error instead of the answer: 429, 503, 410, 401...</summary>
    public static Fault Answer(ApiError error) => (context, _) => ApiServer.WriteErrorAsync(context, error);

    public static Fault Gone { get; } = Answer(ApiError.Expired(1, 2));

    public static Fault Unauthorized { get; } = Answer(ApiError.Unauthorized());

    /// <summary>No answer: the connection breaks.</summary>
    public static Fault Abort { get; } = static (context, _) =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    /// <summary>The answer never comes; the client has to have a deadline.</summary>
    public static Fault Hang { get; } = static async (context, _) =>
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    };

    /// <summary>A body in crumbs of a few bytes with pauses in between.</summary>
    public static Fault Trickle(int bytes, TimeSpan pause) => Rewriting(async (line, write, stop) =>
    {
        for (var i = 0; i < line.Length; i += bytes)
        {
            await write(line[i..Math.Min(line.Length, i + bytes)]);
            await Task.Delay(pause, stop);
        }
    });

    /// <summary>Every event twice.</summary>
    public static Fault DuplicateEvents { get; } = Rewriting(static async (line, write, _) =>
    {
        await write(line);
        await write(line);
    });

    /// <summary>The first events in reverse order, held back until they are that many.</summary>
    public static Fault ReverseEvents(int count)
    {
        var held = new Stack<byte[]>();
        var released = false;
        return Rewriting(async (line, write, _) =>
        {
            if (released)
            {
                await write(line);
                return;
            }

            held.Push(line);
            if (held.Count < count)
                return;

            released = true;
            while (held.TryPop(out var next))
                await write(next);
        });
    }

    /// <summary>Some whole events, then half of one; then the stream ends as if that was all.</summary>
    public static Fault EndMidLine(int wholeEvents)
    {
        var left = wholeEvents;
        return Rewriting(async (line, write, _) =>
        {
            if (left-- > 0)
            {
                await write(line);
                return;
            }

            await write(line[..(line.Length / 2)]);
            throw new EndOfStreamException();
        });
    }

    private static Fault Rewriting(Func<byte[], Func<byte[], Task>, CancellationToken, Task> rewrite) => async (context, answer) =>
    {
        var real = context.Response.Body;
        await using var body = new LineStream(line => rewrite(line, WriteAsync, context.RequestAborted), real.FlushAsync);
        context.Response.Body = body;
        try
        {
            await answer(context);
            await body.EndAsync();
        }
        catch (EndOfStreamException)
        {
            // What was written is the whole of it.
        }
        finally
        {
            context.Response.Body = real;
        }

        async Task WriteAsync(byte[] bytes)
        {
            await real.WriteAsync(bytes, context.RequestAborted);
            await real.FlushAsync(context.RequestAborted);
        }
    };

}
