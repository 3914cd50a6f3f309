using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace L4Lb.Testing.Cluster;

/// <summary>One watch: an event a line until its time is over.</summary>
internal sealed class Watch(ResourcePath path, Selector selector, bool bookmarks)
{
    private readonly Channel<WatchSignal> _signals = Channel.CreateUnbounded<WatchSignal>();
    private long _told;

    /// <exception cref="ApiError">The first changes that it would have to tell are forgotten.</exception>
    public void Subscribe(ObjectStore store, long? after) => _told = store.Subscribe(after, _signals.Writer);

    /// <summary>Tells what happens until <paramref name="over"/> ends it properly, or the client leaves.</summary>
    public async Task RunAsync(HttpContext context, ObjectStore store, CancellationToken over)
    {
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(over, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            while (await NextAsync(end.Token) is { } signal && await TellAsync(context, signal))
            {
            }

            if (over.IsCancellationRequested && bookmarks)
                await TellAsync(context, new WatchSignal.Bookmark(_told));
        }
        finally
        {
            store.Unsubscribe(_signals.Writer);
        }
    }

    public static Task WriteErrorAsync(HttpContext context, ApiError error) =>
        WriteAsync(context, Line("ERROR", error.ToStatus()));

    private async Task<WatchSignal?> NextAsync(CancellationToken end)
    {
        try
        {
            return await _signals.Reader.ReadAsync(end);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <returns>Whether the watch goes on.</returns>
    private async Task<bool> TellAsync(HttpContext context, WatchSignal signal)
    {
        switch (signal)
        {
            case WatchSignal.Change change:
                _told = Math.Max(_told, change.Version);
                if (LineOf(change) is { } line)
                    await WriteAsync(context, line);
                return true;
            case WatchSignal.Bookmark bookmark:
                if (bookmarks)
                    await WriteAsync(context, Line("BOOKMARK", Empty(bookmark.Version)));
                return true;
            case WatchSignal.Error error:
                await WriteErrorAsync(context, error.Status);
                return false;
            case WatchSignal.EndMidLine:
                var whole = Line("MODIFIED", Empty(_told));
                await WriteAsync(context, whole[..(whole.Length / 2)]);
                return false;
            default:
                context.Abort();
                return false;
        }
    }

    // An object that comes to match, or ceases to, is added or deleted in the eyes of this watch.
    private string? LineOf(WatchSignal.Change change)
    {
        if (!path.Covers(change.Key))
            return null;

        return (selector.Matches(change.Before), selector.Matches(change.After)) switch
        {
            (false, true) => Line("ADDED", change.After!),
            (true, true) => Line("MODIFIED", change.After!),
            (true, false) => Line("DELETED", change.Before!.WithVersion(change.Version)),
            _ => null,
        };
    }

    private JsonObject Empty(long version) => new()
    {
        ["kind"] = path.Kind.Name,
        ["apiVersion"] = path.Kind.ApiVersion,
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(), ["creationTimestamp"] = null },
    };

    private static string Line(string type, JsonObject document) =>
        new JsonObject { ["type"] = type, ["object"] = document.Copy() }.ToJsonString() + "\n";

    private static async Task WriteAsync(HttpContext context, string line)
    {
        await context.Response.WriteAsync(line, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
