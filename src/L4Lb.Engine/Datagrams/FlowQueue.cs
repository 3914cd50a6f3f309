namespace L4Lb.Engine.Datagrams;

/// <summary>A flow's place in a <see cref="FlowQueue"/>.</summary>
internal struct FlowLinks
{
    internal FlowQueue? Queue;
    internal Flow? Next;
    internal Flow? Previous;
}

/// <summary>
/// Flows in the order in which they came, threaded through them: entering and leaving allocate nothing and do not
/// search. Single-threaded.
/// </summary>
/// <param name="ofService">Which of a flow's two places it uses: that among its service's, or among its shard's.</param>
internal sealed class FlowQueue(bool ofService)
{
    private Flow? _last;

    internal Flow? First { get; private set; }

    internal int Count { get; private set; }

    /// <summary>Puts <paramref name="flow"/> behind all others, from wherever it was.</summary>
    internal void Enqueue(Flow flow)
    {
        Leave(flow);
        ref var links = ref Links(flow);
        (links.Queue, links.Previous) = (this, _last);
        if (_last is null)
        {
            First = flow;
        }
        else
        {
            Links(_last).Next = flow;
        }

        _last = flow;
        Count++;
    }

    /// <summary>Takes <paramref name="flow"/> out of the queue that it is in; nothing when it is in none.</summary>
    internal void Leave(Flow flow)
    {
        ref var links = ref Links(flow);
        if (links.Queue is { } queue)
        {
            queue.Unlink(links);
            links = default;
        }
    }

    private void Unlink(in FlowLinks links)
    {
        if (links.Previous is null)
        {
            First = links.Next;
        }
        else
        {
            Links(links.Previous).Next = links.Next;
        }

        if (links.Next is null)
        {
            _last = links.Previous;
        }
        else
        {
            Links(links.Next).Previous = links.Previous;
        }

        Count--;
    }

    private ref FlowLinks Links(Flow flow) => ref ofService ? ref flow.InService : ref flow.InShard;
}
