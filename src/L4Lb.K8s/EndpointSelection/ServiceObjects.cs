using L4Lb.K8s.Objects;

namespace L4Lb.K8s.EndpointSelection;

/// <summary>The objects that go by one Service's name. Slices are held by name, so that the order in which they came
/// and went leaves no trace in the plan.</summary>
internal sealed class ServiceObjects(ObjectName name)
{
    private readonly List<Service> _services = [];
    private readonly List<EndpointSlice> _slices = [];
    private readonly List<Endpoints> _endpoints = [];

    /// <summary>The Service's name, whether there is such a Service or not.</summary>
    public ObjectName Name { get; } = name;

    /// <summary>The Services of this name; more than one is an error of the input.</summary>
    public IReadOnlyList<Service> Services => _services;

    /// <summary>Its slices, by name.</summary>
    public IReadOnlyList<EndpointSlice> Slices => _slices;

    /// <summary>Its Endpoints.</summary>
    public Endpoints? Endpoints => _endpoints.Count > 0 ? _endpoints[^1] : null;

    /// <summary>Whether nothing is left.</summary>
    public bool IsEmpty => _services.Count + _slices.Count + _endpoints.Count == 0;

    /// <summary>Adds an object.</summary>
    public void Add(KubeObject item)
    {
        switch (item)
        {
            case Service service:
                _services.Add(service);
                break;
            case EndpointSlice slice:
                var place = _slices.FindIndex(s => string.CompareOrdinal(s.Metadata.Name, slice.Metadata.Name) > 0);
                _slices.Insert(place < 0 ? _slices.Count : place, slice);
                break;
            case Endpoints endpoints:
                _endpoints.Add(endpoints);
                break;
        }
    }

    /// <summary>Removes this very object.</summary>
    public void Remove(KubeObject item)
    {
        _services.RemoveAll(s => ReferenceEquals(s, item));
        _slices.RemoveAll(s => ReferenceEquals(s, item));
        _endpoints.RemoveAll(e => ReferenceEquals(e, item));
    }
}
