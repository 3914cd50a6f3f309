using System.Threading.Channels;
using L4Lb.Engine;

namespace L4Lb.Host.Admin;

/// <summary>
/// <c>/api/v1/stream</c>: server-sent events, as pages follow them. First everything, then what has changed, once in each interval;
/// and events as they happen.
/// </summary>
/// <param name="sources">What is told of.</param>
/// <param name="stopping">The server stops.</param>
internal sealed class StreamEndpoints(AdminSources sources, CancellationToken stopping)
{
    private const int StreamsMost = 64;

    // Events that wait for a reader that is slow; who has missed some is told by their numbers.
    private const int WaitingMost = 256;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly string[] s_topics = ["status", "services", "backends", "events"];

    private int _streams;

    /// <summary>Adds the endpoint to <paramref name="app"/>.</summary>
    public void Map(IEndpointRouteBuilder app) => app.MapGet("/api/v1/stream", (Delegate)StreamAsync)
        .Describe<string>(
            "What changes, as server-sent events: status, services, backends (each with those that changed, and the keys of those that are gone) and event",
            "topics", "interval", "service");

    private async Task<IResult> StreamAsync(HttpContext context)
    {
        var topics = (context.Request.Query["topics"].LastOrDefault() ?? "status,events").Split(',', StringSplitOptions.TrimEntries);
        if (topics.Except(s_topics).FirstOrDefault() is { } unknown)
        {
            return Problems.Bad($"topics: there is no {unknown}; there is {string.Join(", ", s_topics)}");
        }

        var interval = s_interval;
        if (context.Request.Query["interval"].LastOrDefault() is { } text)
        {
            if (!int.TryParse(text.EndsWith('s') ? text[..^1] : text, out var seconds) || seconds is < 1 or > 60)
            {
                return Problems.Bad($"interval={text}: must be 1…60 seconds");
            }

            interval = TimeSpan.FromSeconds(seconds);
        }

        if (Interlocked.Increment(ref _streams) > StreamsMost)
        {
            Interlocked.Decrement(ref _streams);
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, $"{StreamsMost} streams are open already");
        }

        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await WriteAsync(context, topics, interval, ending.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The reader has left, or we do.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }

        return TypedResults.Empty;
    }

    private async Task WriteAsync(HttpContext context, string[] topics, TimeSpan interval, CancellationToken cancellation)
    {
        var events = new EventStreamWriter(context.Response);
        var happened = Channel.CreateBounded<EventAnswer>(
            new BoundedChannelOptions(WaitingMost) { FullMode = BoundedChannelFullMode.DropOldest });
        using var following = topics.Contains("events")
            ? sources.Journal.Follow(e => happened.Writer.TryWrite(EventAnswer.Of(e)))
            : null;
        var services = new Changes<ServiceAnswer>(static s => $"{s.Namespace}/{s.Name}:{s.Port}");
        var backends = new Changes<BackendAnswer>(static b => $"{b.Namespace}/{b.Service}:{b.Port} {b.Address}");
        using var ticks = new PeriodicTimer(interval);
        do
        {
            IReadOnlyList<ServiceStatus> now = topics.Any(static t => t != "events") ? sources.Engine.GetServices() : [];
            if (topics.Contains("status"))
            {
                await events.WriteAsync("status", StatusAnswer.Of(sources, now), AdminJson.Default.StatusAnswer, cancellation);
            }

            if (topics.Contains("services"))
            {
                await services.WriteAsync(events, "services", now.Select(ServiceAnswer.Of), AdminJson.Default.ServiceAnswerArray, cancellation);
            }

            if (topics.Contains("backends"))
            {
                await backends.WriteAsync(
                    events, "backends", now.SelectMany(BackendAnswer.AllOf), AdminJson.Default.BackendAnswerArray, cancellation);
            }

            await FollowAsync(events, happened.Reader, ticks, cancellation);
        }
        while (true);
    }

    /// <summary>Passes events on until the next tick.</summary>
    private static async Task FollowAsync(
        EventStreamWriter events, ChannelReader<EventAnswer> happened, PeriodicTimer ticks, CancellationToken cancellation)
    {
        var tick = ticks.WaitForNextTickAsync(cancellation).AsTask();
        while (!tick.IsCompleted)
        {
            while (happened.TryRead(out var one))
            {
                await events.WriteAsync("event", one, AdminJson.Default.EventAnswer, cancellation);
            }

            await events.FlushAsync(cancellation);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(tick, happened.WaitToReadAsync(waiting.Token).AsTask());
            await waiting.CancelAsync();
        }

        await tick;
    }
}
