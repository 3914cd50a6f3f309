using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;

namespace L4Lb.K8s.Provider;

/// <summary>The Services that wait for an address, in the order in which they were created. Not thread-safe.</summary>
internal sealed class WaitingList
{
    private readonly SortedDictionary<(DateTimeOffset Since, ObjectName Name), Waiting> _inOrder = [];
    private readonly Dictionary<ObjectName, DateTimeOffset> _since = [];

    /// <summary>Those who wait, oldest first; stays as it is.</summary>
    public IReadOnlyList<Waiting> InOrder => [.. _inOrder.Values];

    /// <summary>Puts a Service on the list, or in its own place.</summary>
    public void Set(AddressRequest request, AddressProblem? problem)
    {
        var name = request.Name;
        Remove(name);
        var since = request.Service.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue;
        _since.Add(name, since);
        _inOrder.Add((since, name), new(request, problem));
    }

    /// <summary>Takes a Service off the list.</summary>
    public void Remove(ObjectName name)
    {
        if (_since.Remove(name, out var since))
        {
            _inOrder.Remove((since, name));
        }
    }

    /// <summary>A Service that waits.</summary>
    /// <param name="Request">What it asks for.</param>
    /// <param name="Problem">Why it has not got it; null when it has a part of it.</param>
    internal sealed record Waiting(AddressRequest Request, AddressProblem? Problem);
}
