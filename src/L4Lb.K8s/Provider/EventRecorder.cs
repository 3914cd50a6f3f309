using System.Threading.Channels;
using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>
/// Tells the cluster what happened, as Events: best effort, in order, one after the other, and whoever records never waits. What
/// happens again is counted in the event that is there.
/// </summary>
/// <param name="api">The API server.</param>
/// <param name="controller">Who says so, as <c>l4lb.io/provider</c>.</param>
/// <param name="instance">Which process.</param>
/// <param name="time">The clock.</param>
internal sealed class EventRecorder(IKubernetesApi api, string controller, string instance, TimeProvider time)
{
    // While the API server is away, what is older is worth more than what comes after it.
    private const int MostWaiting = 1000;

    private readonly Channel<EventNote> _waiting =
        Channel.CreateBounded<EventNote>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly EventSeries _series = new(time);
    private long _lastName;

    /// <summary>Is told every event as well, on the thread that records it.</summary>
    public event Action<EventNote>? Recorded;

    /// <summary>Number of events that are yet to be sent.</summary>
    public int Waiting => _waiting.Reader.Count;

    /// <summary>Records an event.</summary>
    public void Record(EventNote note)
    {
        Recorded?.Invoke(note);
        _waiting.Writer.TryWrite(note);
    }

    /// <summary>Sends what is recorded until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (var note in _waiting.Reader.ReadAllAsync(cancellation))
        {
            try
            {
                await SendAsync(note, cancellation);
            }
            catch (ApiException)
            {
                // An event less; whoever needs to know looks at conditions.
                _series.Forget(note);
            }
        }
    }

    private async Task SendAsync(EventNote note, CancellationToken cancellation)
    {
        if (_series.Count(note) is not { } known)
        {
            return;
        }

        var @namespace = EventJson.NamespaceOf(note.About);
        if (known.Name.Length > 0)
        {
            try
            {
                var again = EventJson.Again(known.Count, time.GetUtcNow());
                await api.MergePatchAsync(Resources.Events, new ObjectName(@namespace, known.Name), null, again, cancellation);
                return;
            }
            catch (ApiException e) when (e.Status.IsNotFound)
            {
                // Events are kept for an hour.
            }
        }

        var name = NewName(note.About);
        await api.CreateAsync(
            Resources.Events, @namespace, EventJson.New(note, name, controller, instance, time.GetUtcNow()), cancellation);
        (known.Name, known.Count) = (name, 1);
    }

    private string NewName(EventSubject about)
    {
        _lastName = Math.Max(_lastName + 1, time.GetUtcNow().UtcTicks);
        return $"{about.Name}.{_lastName:x}";
    }
}
