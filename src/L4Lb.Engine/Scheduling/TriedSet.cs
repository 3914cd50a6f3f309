using System.Runtime.CompilerServices;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// The candidates that a session has tried, as indices: a small set on the stack, since a session tries at most
/// <see cref="Capacity"/>. A mutable struct: pass it by <c>ref</c> or <c>in</c>.
/// </summary>
public struct TriedSet
{
    /// <summary>Most indices held; the bound of <c>connect-attempts</c>.</summary>
    public const int Capacity = TimeoutSpec.MaxConnectAttempts;

    private Indices _indices;

    /// <summary>Number of indices held.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an index; ignored when it is there, or once <see cref="Capacity"/> is reached.</summary>
    public void Add(int index)
    {
        if (Count < Capacity && !Contains(index))
        {
            _indices[Count++] = index;
        }
    }

    /// <summary>Removes an index; ignored when it is not there.</summary>
    public void Remove(int index)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_indices[i] == index)
            {
                _indices[i] = _indices[--Count];
                return;
            }
        }
    }

    /// <summary>Whether <paramref name="index"/> was added.</summary>
    public readonly bool Contains(int index)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_indices[i] == index)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Copies the indices in ascending order to <paramref name="destination"/>, which must hold
    /// <see cref="Capacity"/>. Returns how many there are.
    /// </summary>
    public readonly int CopySortedTo(Span<int> destination)
    {
        for (var i = 0; i < Count; i++)
        {
            destination[i] = _indices[i];
        }

        if (Count > 1)
        {
            destination[..Count].Sort();
        }

        return Count;
    }

    [InlineArray(Capacity)]
    private struct Indices
    {
        private int _first;
    }
}
