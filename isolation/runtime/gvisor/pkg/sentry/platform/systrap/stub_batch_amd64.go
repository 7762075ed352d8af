package systrap

const stubKnowsBatches = true
