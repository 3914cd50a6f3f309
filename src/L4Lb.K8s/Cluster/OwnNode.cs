using L4Lb.K8s.Informers;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Cluster;

/// <summary>
/// The node that this instance is on, as far as it decides whether load may come in through it. Whoever drains a node cordons it
/// first, so that addresses leave before the pods do.
/// </summary>
public sealed class OwnNode : IDisposable
{
    private readonly IInformer<Node> _nodes;
    private readonly ObjectName _name;

    internal OwnNode(IInformer<Node> nodes, string name)
    {
        _nodes = nodes;
        _name = new("", name);
        _nodes.Changed += Look;
    }

    /// <summary>Whether <see cref="MayTakeLoad"/> may be another. On any thread; handlers return at once.</summary>
    public event Action? Changed;

    /// <summary>
    /// Whether load from outside may come in here. An appliance that is no node of the cluster may take it, and so may one whose
    /// Node is not known yet: what is not said keeps nobody from serving.
    /// </summary>
    public bool MayTakeLoad =>
        _nodes.Find(_name) is not { } node || (node.MayTakeExternalLoad && !node.IsUnschedulable && !node.IsNetworkUnavailable);

    /// <summary>Whether the node is to stay: it is not being deleted, nor about to be by the autoscaler.</summary>
    public bool IsEligible =>
        _nodes.Find(_name) is not { } node || (node.Metadata.DeletionTimestamp is null && !node.Taints.Contains(Node.ToBeDeletedTaint));

    /// <summary>Listens no longer.</summary>
    public void Dispose() => _nodes.Changed -= Look;

    private void Look(ObjectChange<Node> change)
    {
        if (change.Name == _name)
        {
            Changed?.Invoke();
        }
    }
}
