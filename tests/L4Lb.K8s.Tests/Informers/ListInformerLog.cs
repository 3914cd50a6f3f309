using System.Collections.Concurrent;
using L4Lb.K8s.Informers;

namespace L4Lb.K8s.Tests.Informers;

/// <summary>Keeps what informers have to say, a line each.</summary>
internal sealed class ListInformerLog : IInformerLog
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Listed(string resource, int objects, int changes, TimeSpan took, string? reason) =>
        _lines.Enqueue($"{resource}: {objects} objects, {changes} changes{(reason is null ? "" : $", because {reason}")}");

    public void Failing(string resource, string problem) => _lines.Enqueue($"{resource}: failing: {problem}");

    public void Recovered(string resource, TimeSpan outage) => _lines.Enqueue($"{resource}: recovered after {outage}");

    public void NotServed(string resource) => _lines.Enqueue($"{resource}: not served");

    public void HandlerFailed(string resource, Exception exception) =>
        _lines.Enqueue($"{resource}: handler failed: {exception.Message}");
}
